import type { IncomingMessage, ServerResponse } from 'node:http'
import { decodeChunks } from '../body/decode-chunks.ts'
import { type ObservedBody, observeBody } from '../body/observe-body.ts'
import { plainChunks } from '../body/plain-chunks.ts'
import { parseExpectedBody } from '../checksum/expected-body.ts'
import type { HashThread } from '../checksum/hash-thread.ts'
import type { RequestBody } from '../exchange.ts'
import { freeBytes } from '../free-bytes.ts'
import { S3Error } from '../s3-error.ts'
import type { SignedRequest } from '../signature/verify-request.ts'

/** What of a request the body is read by. */
export interface BodySource {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly headers: Readonly<Record<string, string>>
  readonly signed: SignedRequest
  /** Where long bodies are hashed. */
  readonly hashThread: HashThread
  /** Whether the client waits for `100 Continue`. */
  readonly isAwaited: boolean
}

/** The body of a request whose signature is right. */
export function createRequestBody({
  request,
  response,
  headers,
  signed,
  hashThread,
  isAwaited,
}: BodySource): RequestBody {
  const stream: RequestBody['stream'] = ({ mostBytes, also }) => {
    const expected = parseExpectedBody(headers, signed.payload, mostBytes, also)
    if (isAwaited) response.writeContinue()
    let result: ObservedBody | undefined
    const raw = readRaw(request)
    const chunks =
      signed.payload.kind === 'plain'
        ? plainChunks(raw)
        : decodeChunks(raw, {
            chain: signed.payload.isSigned ? signed.chain : undefined,
            hasTrailer: signed.payload.hasTrailer,
          })
    return {
      bytes: observeBody(
        chunks,
        expected,
        (observed) => {
          result = observed
        },
        hashThread,
      ),
      observed() {
        if (result === undefined) throw new TypeError('the body was not read to its end')
        return result
      },
    }
  }
  return {
    stream,
    async read(mostBytes) {
      const parts: Uint8Array[] = []
      for await (const part of stream({ mostBytes }).bytes) parts.push(Buffer.from(part))
      return Buffer.concat(parts)
    },
  }
}

/** Reading may stop before the end and the connection stays, so that an error can be answered. */
async function* readRaw(request: IncomingMessage): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const part of request.iterator({ destroyOnReturn: false })) {
      yield part as Uint8Array
      freeBytes(part as Uint8Array)
    }
  } catch (cause) {
    throw new S3Error('IncompleteBody', 'The connection ended before the body did.', { cause })
  }
}
