import type { IncomingMessage } from 'node:http'
import { ServerError } from './server-error.ts'
import type { TokenBucket } from './token-bucket.ts'

/** The whole body, bounded, no faster than the bucket lets it in. @throws ServerError `body_too_large`, `length_required` */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  bucket: TokenBucket,
): Promise<Buffer> {
  const header = request.headers['content-length']
  const length = header === undefined ? Number.NaN : Number(header)
  if (!Number.isSafeInteger(length)) {
    throw new ServerError({
      status: 411,
      code: 'length_required',
      message: 'The request does not say how long its body is.',
      fix: 'Send Content-Length.',
      field: 'content-length',
    })
  }
  if (length > maxBytes) {
    throw new ServerError({
      status: 413,
      code: 'body_too_large',
      message: `The body has ${length} bytes; at most ${maxBytes} are taken.`,
      fix: 'Send what spec 10 describes, and no more.',
      field: 'content-length',
      value: String(length),
    })
  }
  const whole = Buffer.allocUnsafe(length)
  let filled = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    await bucket.take(part.length)
    filled += part.copy(whole, filled)
  }
  return whole.subarray(0, filled)
}
