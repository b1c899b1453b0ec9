import type { IncomingMessage, ServerResponse } from 'node:http'
import type { S3Error } from '../s3-error.ts'
import { element, errorDocument } from '../xml/write-xml.ts'
import type { Reply } from './reply.ts'

/** Sends a reply; rejects when its content can not be read to the end, or the client is gone. */
export async function sendReply(response: ServerResponse, { status, headers, body }: Reply): Promise<void> {
  writeHead(
    response,
    status,
    typeof body === 'string' ? { ...headers, 'content-length': String(Buffer.byteLength(body)) } : headers,
  )
  if (body === undefined || typeof body === 'string') {
    response.end(body)
    return
  }
  const parts = body[Symbol.asyncIterator]()
  const write = createWriter(response)
  try {
    for (let part = await parts.next(); part.done !== true; part = await parts.next()) await write(part.value)
    response.end()
  } finally {
    // Also when the client was gone before the first byte, and nothing was read.
    await parts.return?.()
  }
}

/** The client closed the connection before it had the whole reply. */
class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError'
}

/** Whether a reply could not be sent to its end since nobody takes it. */
export const isClientGone = (error: unknown): boolean => error instanceof ClientGoneError

/** Writes part by part: each promise resolves when the system has taken all of it, and its memory may be used again. */
function createWriter(response: ServerResponse): (bytes: Uint8Array) => Promise<void> {
  let fail: ((error: Error) => void) | undefined
  const gone = () => new ClientGoneError('The client closed the connection.')
  response.once('close', () => fail?.(gone()))
  return (bytes) =>
    new Promise((resolve, reject) => {
      fail = reject
      if (response.destroyed) return reject(gone())
      response.write(bytes, (error) => (error == null ? resolve() : reject(gone())))
    })
}

/** How much of a body is still taken after an error, and for how long: clients read the answer only once they have sent it. */
const drain = { mostBytes: 16 * 2 ** 20, mostMs: 5_000 }

/** What an error is answered with besides itself. */
export interface ErrorContext {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
  /** The path, for the client to see what it asked for. */
  readonly resource: string
  /** Whether the client still waits for `100 Continue`, and so sends nothing. */
  readonly isAwaited: boolean
}

/** Sends an error in S3's form. */
export async function sendError(
  error: S3Error,
  { request, response, requestId, resource, isAwaited }: ErrorContext,
): Promise<void> {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  const isUnread = hasBody && !request.complete
  const text = errorDocument([
    element('Code', error.s3Code),
    element('Message', error.said),
    ...Object.entries(error.elements).map(([name, value]) => element(name, value)),
    element('Resource', resource.slice(0, 2048)),
    element('RequestId', requestId),
  ])
  const isHead = request.method === 'HEAD'
  writeHead(response, error.status, {
    ...error.headers,
    'content-type': 'application/xml',
    ...(isHead ? {} : { 'content-length': String(Buffer.byteLength(text)) }),
    ...(isUnread ? { connection: 'close' } : {}),
  })
  if (!isHead) response.write(text)
  if (isUnread && !isAwaited) await drainRequest(request)
  response.end()
}

function writeHead(response: ServerResponse, status: number, headers: Reply['headers']): void {
  response.statusCode = status
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) response.setHeader(name, value)
}

function drainRequest(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let left = drain.mostBytes
    const timer = setTimeout(resolve, drain.mostMs)
    const finish = () => {
      clearTimeout(timer)
      resolve()
    }
    request.on('data', (bytes: Uint8Array) => {
      left -= bytes.length
      if (left < 0) finish()
    })
    request.once('end', finish)
    request.once('close', finish)
    request.once('error', finish)
    request.resume()
  })
}
