import { createServer } from 'node:http'

/** One process whose metrics are gathered: the name becomes the label `process`. */
export interface MetricsSource {
  process: string
  port: number
}

/**
 * Serves the metrics of all processes at one address: each sample gets a label with its process, each family its
 * HELP and TYPE lines once. A process that does not answer is left out and shows as `dsm_scrape_up 0`.
 */
export async function serveGatheredMetrics(port: number, sources: MetricsSource[]): Promise<{ close: () => void }> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || !/^\/metrics\/?($|\?)/.test(request.url ?? '')) {
      response.writeHead(404).end()
      return
    }
    void gather(sources).then((text) =>
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function gather(sources: MetricsSource[]): Promise<string> {
  const texts = await Promise.all(sources.map(async (source) => ({ source, text: await scrape(source.port) })))
  const up = texts.map(({ source, text }) => `dsm_scrape_up{process="${source.process}"} ${text === undefined ? 0 : 1}`)
  const answered = texts.map(({ source, text }) => ({ process: source.process, text: text ?? '' }))
  return `${mergeMetrics(answered)}# HELP dsm_scrape_up Whether the metrics of a process could be read.\n# TYPE dsm_scrape_up gauge\n${up.join('\n')}\n`
}

async function scrape(port: number): Promise<string | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(2_000) })
    return answer.ok ? await answer.text() : undefined
  } catch {
    return undefined
  }
}

/** Joins Prometheus texts: samples of one family stand together, as the format demands. */
export function mergeMetrics(texts: Array<{ process: string; text: string }>): string {
  const families = new Map<string, { head: string[]; samples: string[] }>()
  for (const { process, text } of texts) {
    let current = ''
    for (const line of text.split('\n')) {
      if (line === '' || line === '# EOF') continue
      const head = /^# (HELP|TYPE) (\S+)/.exec(line)
      if (head?.[2]) current = head[2]
      const name = head?.[2] ?? familyOf(line, current)
      const family = families.get(name) ?? { head: [], samples: [] }
      families.set(name, family)
      if (!line.startsWith('#')) family.samples.push(labelled(line, process))
      else if (!family.head.some((known) => known.startsWith(`# ${head?.[1]} `))) family.head.push(line)
    }
  }
  return [...families.values()]
    .flatMap(({ head, samples }) => [...head, ...samples])
    .map((line) => `${line}\n`)
    .join('')
}

/** `x_bucket`, `x_sum` and `x_count` belong to the family that the last TYPE line named. */
function familyOf(sample: string, current: string): string {
  const name = /^[^{\s]+/.exec(sample)?.[0] ?? sample
  return current !== '' && name.startsWith(current) ? current : name
}

function labelled(sample: string, process: string): string {
  const label = `process="${process}"`
  const brace = sample.indexOf('{')
  if (brace === -1) return sample.replace(/^\S+/, (name) => `${name}{${label}}`)
  return sample[brace + 1] === '}'
    ? sample.replace('{}', `{${label}}`)
    : `${sample.slice(0, brace + 1)}${label},${sample.slice(brace + 1)}`
}
