import { createSocket, type Socket } from 'node:dgram'
import { SemtechUdpError } from './error.ts'

/** A failure of the operating system's socket as the typed error. */
export const socketFailure = (field: string, cause: Error): SemtechUdpError =>
  new SemtechUdpError('SOCKET_FAILED', {
    field,
    value: cause.message,
    problem: 'the UDP socket failed.',
    fix: 'Check that the host resolves and that the port is free and allowed.',
    cause,
  })

/** The error of an exchange that ends because its owner was closed. */
export const closedError = (field: string): SemtechUdpError =>
  new SemtechUdpError('CLOSED', {
    field,
    value: 'closed',
    problem: 'no datagram can be sent or received any more.',
    fix: 'Create a new one.',
  })

/**
 * What a socket asks the system to keep of datagrams that nobody had time to read yet, bytes. Linux grants what
 * `net.core.rmem_max` allows; its default holds some fifty full datagrams, less than hundreds of gateways send at once.
 */
const RECEIVE_BUFFER_BYTES = 4 << 20

/** Opens a UDP socket of the family `host` calls for. */
export const openSocket = (host: string): Socket =>
  createSocket({
    type: host.includes(':') ? 'udp6' : 'udp4',
    recvBufferSize: RECEIVE_BUFFER_BYTES,
  })

/** Resolves when the socket has its local port; rejects with `SOCKET_FAILED`. */
export const bindSocket = (
  socket: Socket,
  host: string,
  port: number,
): Promise<{ address: string; port: number }> =>
  new Promise((resolve, reject) => {
    const fail = (cause: Error): void => reject(socketFailure(`${host}:${port}`, cause))
    socket.once('error', fail)
    socket.bind(port, host, () => {
      socket.off('error', fail)
      resolve(socket.address())
    })
  })

/** Connects to a server, so that datagrams from anyone else are dropped by the kernel. */
export const connectSocket = (socket: Socket, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.connect(port, host, ((cause?: Error) =>
      cause === undefined || cause === null
        ? resolve()
        : reject(socketFailure(`${host}:${port}`, cause))) as () => void)
  })

/** Closes the socket; resolves at once where it is closed already. */
export const closeSocket = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    try {
      socket.close(() => resolve())
    } catch {
      resolve()
    }
  })
