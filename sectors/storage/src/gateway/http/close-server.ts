import type { Server } from 'node:http'

/** Takes no more connections and waits for requests under way; after `mostMs` they are cut off. */
export function closeServer(server: Server, mostMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), mostMs)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
}
