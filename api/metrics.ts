import { createServer, type Server } from 'node:http'
import type { RequestHandler } from 'express'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'

export interface ApiMetrics {
  /** Measures every request by route (its pattern, never its ids), method and status. */
  measure: RequestHandler
  /** Serves the metrics on a loopback port of their own. */
  listen(port: number): Promise<Server>
}

export function createApiMetrics(): ApiMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const duration = new Histogram({
    name: 'dsm_http_request_duration_seconds',
    help: 'Duration of API requests',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  })
  return {
    measure: (req, res, next) => {
      const end = duration.startTimer()
      res.once('finish', () => {
        const route: unknown = req.route?.path
        end({ method: req.method, route: typeof route === 'string' ? route : 'none', status: String(res.statusCode) })
      })
      next()
    },
    listen: (port) =>
      new Promise((resolve, reject) => {
        const server = createServer((_req, res) => {
          registry.metrics().then(
            (text) => res.writeHead(200, { 'content-type': registry.contentType }).end(text),
            () => res.writeHead(500).end(),
          )
        })
        server.once('error', reject)
        server.listen(port, '127.0.0.1', () => resolve(server))
      }),
  }
}
