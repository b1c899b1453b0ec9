import type { AddressInfo, Server } from 'node:net'
import { BaseError } from '@cairn/protocol'

/** Nothing can listen there; code `address_not_available`. */
export class AddressNotAvailableError extends BaseError {
  override readonly name = 'AddressNotAvailableError'
}

const unavailable: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something listens there already',
  EACCES: 'this user may not',
  EADDRNOTAVAIL: 'the address is not one of this machine',
}

/**
 * Has a server listen, and returns its port: where `port` is 0 the one it was given.
 *
 * @throws AddressNotAvailableError
 */
export function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException) => {
      const why = unavailable[cause.code ?? '']
      reject(why === undefined ? cause : notAvailable(`${host}:${port}`, why, cause))
    }
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function notAvailable(address: string, why: string, cause: Error): AddressNotAvailableError {
  return new AddressNotAvailableError({
    code: 'address_not_available',
    field: 'address',
    value: address,
    message: `Nothing can listen on ${address}: ${why}.`,
    fix: 'Stop what listens there, or choose another with --port and --host.',
    cause,
  })
}
