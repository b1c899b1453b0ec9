import { randomInt } from 'node:crypto'
import { connect, createServer } from 'node:net'
import { BaseError } from '@cairn/protocol'

/** Below what Linux (from 32 768), macOS and Windows (from 49 152) give to outgoing connections: none of these takes a port that was chosen before its user listens, or comes back. */
const [lowest, above] = [10_240, 32_768]
const mostTries = 64

/** There is no free port; code `no_free_port`. */
export class NoFreePortError extends BaseError {
  override readonly name = 'NoFreePortError'
}

/** A TCP port of this machine, 10 240 to 32 767, that nobody listened on a moment ago. @throws NoFreePortError */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let tries = 0; tries < mostTries; tries++) {
    const port = randomInt(lowest, above)
    if (await isPortFree(port, host)) return port
  }
  throw new NoFreePortError({
    code: 'no_free_port',
    field: 'host',
    value: host,
    message: `Of ${mostTries} ports between ${lowest} and ${above - 1} on ${host} none can be listened on.`,
    fix: 'See that the address is one of this machine, and stop what holds so many ports.',
  })
}

/** Whether one can listen there now. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}

/** Whether something accepts connections there. */
export function isPortOpen(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host })
    const settle = (isOpen: boolean) => {
      socket.destroy()
      resolve(isOpen)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
    socket.setTimeout(1_000, () => settle(false))
  })
}
