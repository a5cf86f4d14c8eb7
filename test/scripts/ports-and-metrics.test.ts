import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { mergeMetrics, serveGatheredMetrics } from '../../scripts/embedded/metrics.js'
import { createPortChooser, isFree, PortInUse } from '../../scripts/embedded/ports.js'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function listen(handler: Parameters<typeof createServer>[1]): Promise<number> {
  const server = createServer(handler as never)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

test('0 is any free port, and none is given twice', async () => {
  const ports = createPortChooser()
  const chosen = await Promise.all(Array.from({ length: 30 }, () => ports.named('PORT', 0)))
  expect(new Set(chosen).size).toBe(30)
  expect(await Promise.all(chosen.map((port) => isFree(port)))).not.toContain(false)
  expect(Math.max(...chosen)).toBeLessThan(32_768)
})

test('a port in use is refused with the name of its variable', async () => {
  const port = await listen(() => {})
  await expect(createPortChooser().named('PORT', port)).rejects.toThrow(PortInUse)
  await expect(createPortChooser().named('PORT', port)).rejects.toThrow(`PORT: port ${port} is in use`)
})

const API =
  '# HELP x Things.\n# TYPE x counter\nx{a="1"} 2\n# TYPE h histogram\nh_bucket{le="+Inf"} 1\nh_sum 3\nh_count 1\nplain 1\n'
const WORKER =
  '# HELP x Things.\n# TYPE x counter\nx 5\nempty{} 1\n# TYPE h histogram\nh_bucket{le="+Inf"} 4\nh_sum 9\nh_count 4\n'

test('metrics of several processes stand together by family, with the process as label', () => {
  const lines = mergeMetrics([
    { process: 'api', text: API },
    { process: 'worker', text: WORKER },
  ]).split('\n')
  expect(lines.filter((line) => line.startsWith('# TYPE x'))).toHaveLength(1)
  expect(lines.slice(0, 4)).toEqual([
    '# HELP x Things.',
    '# TYPE x counter',
    'x{process="api",a="1"} 2',
    'x{process="worker"} 5',
  ])
  const histogram = lines.indexOf('# TYPE h histogram')
  expect(lines.slice(histogram + 1, histogram + 7)).toEqual([
    'h_bucket{process="api",le="+Inf"} 1',
    'h_sum{process="api"} 3',
    'h_count{process="api"} 1',
    'h_bucket{process="worker",le="+Inf"} 4',
    'h_sum{process="worker"} 9',
    'h_count{process="worker"} 4',
  ])
  expect(lines).toContain('empty{process="worker"} 1')
})

test('a process that does not answer is shown as down, the others are served', async () => {
  const up = await listen((_, response) => response.end(WORKER))
  const ports = createPortChooser()
  const [own, dead] = [await ports.any(), await ports.any()]
  const gathered = await serveGatheredMetrics(own, [
    { process: 'worker', port: up },
    { process: 'api', port: dead },
  ])
  const text = await (await fetch(`http://127.0.0.1:${own}/metrics`)).text()
  gathered.close()
  expect(text).toContain('x{process="worker"} 5')
  expect(text).toContain('dsm_scrape_up{process="worker"} 1')
  expect(text).toContain('dsm_scrape_up{process="api"} 0')
})
