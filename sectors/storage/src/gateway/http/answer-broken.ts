import type { Duplex } from 'node:stream'
import { S3Error } from '../s3-error.ts'
import { element, errorDocument } from '../xml/write-xml.ts'

/** Answers bytes that never became a whole request: no HTTP, a head that is too large, a body that ends early, a client that is too slow. */
export function answerBroken(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  const { s3Code, said, status } = toS3Error(error.code ?? '')
  const text = errorDocument([element('Code', s3Code), element('Message', said)])
  socket.end(
    [
      `HTTP/1.1 ${status} Bad Request`,
      'connection: close',
      'content-type: application/xml',
      `content-length: ${Buffer.byteLength(text)}`,
      '',
      text,
    ].join('\r\n'),
  )
}

function toS3Error(code: string): S3Error {
  switch (code) {
    case 'HPE_INVALID_EOF_STATE':
      return new S3Error('IncompleteBody', 'The connection ended before the body did. Nothing was stored.')
    case 'HPE_HEADER_OVERFLOW':
      return new S3Error('RequestHeaderSectionTooLarge', 'The headers of the request are larger than 32 KiB.')
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new S3Error('RequestTimeout', 'The head of the request did not come within a minute.')
    default:
      return new S3Error('InvalidRequest', 'This is no HTTP request.')
  }
}
