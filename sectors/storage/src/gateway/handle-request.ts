import type { IncomingMessage, ServerResponse } from 'node:http'
import { SlabError } from '../slab/slab-error.ts'
import type { HashThread } from './checksum/hash-thread.ts'
import type { Storage } from './exchange.ts'
import { parseTarget } from './http/parse-target.ts'
import { presignedHeaders } from './http/presigned-headers.ts'
import { readHead } from './http/read-head.ts'
import { createRequestBody } from './http/request-body.ts'
import { isClientGone, sendError, sendReply } from './http/send-reply.ts'
import { findOperation } from './operations/find-operation.ts'
import { S3Error } from './s3-error.ts'
import type { SigningKeyOf } from './signature/signing-keys.ts'
import { verifyRequest } from './signature/verify-request.ts'

/** What the handler needs of its gateway. */
export interface HandlerOptions {
  readonly storage: Storage
  /** The secret of an access key; undefined when there is none. */
  readonly signingKeyOf: SigningKeyOf
  readonly hashThread: HashThread
  /** Domains below which a bucket may stand in the host. */
  readonly domains: readonly string[]
  readonly newRequestId: () => string
  /** Told what the gateway itself could not do; clients see InternalError. */
  readonly onError: (error: unknown, requestId: string) => void
}

/** @param isAwaited whether the client waits for `100 Continue` before it sends its body */
export type HandleRequest = (
  request: IncomingMessage,
  response: ServerResponse,
  isAwaited: boolean,
) => Promise<void>

export function createHandler({
  storage,
  signingKeyOf,
  hashThread,
  domains,
  newRequestId,
  onError,
}: HandlerOptions): HandleRequest {
  const reply = async (request: IncomingMessage, response: ServerResponse, isAwaited: boolean) => {
    const incoming = readHead(request)
    const signed = verifyRequest(incoming, signingKeyOf, storage.now())
    const target = parseTarget(incoming.path, incoming.headers.host ?? '', domains)
    const headers = signed.isPresigned ? presignedHeaders(incoming) : incoming.headers
    const operation = findOperation({ ...incoming, headers }, target)
    return await operation({
      ...storage,
      method: incoming.method,
      bucket: target.bucket ?? '',
      key: target.key ?? '',
      query: incoming.query,
      headers,
      body: createRequestBody({ request, response, headers, signed, hashThread, isAwaited }),
      accessKeyId: signed.accessKeyId,
    })
  }
  return async (request, response, isAwaited) => {
    const requestId = newRequestId()
    response.setHeader('x-amz-request-id', requestId)
    response.setHeader('server', 'cairn')
    try {
      await sendReply(response, await reply(request, response, isAwaited))
    } catch (error) {
      const answer = error instanceof S3Error ? error : toS3Error(error)
      if (answer !== error && !isClientGone(error)) onError(error, requestId)
      // A body that was begun can only be cut off: the length that was promised tells the client.
      if (response.headersSent || response.destroyed) return void response.destroy()
      const resource = (request.url ?? '').split('?', 1)[0] ?? ''
      await sendError(answer, { request, response, requestId, resource, isAwaited })
    }
  }
}

function toS3Error(cause: unknown): S3Error {
  if (isDiskFull(cause))
    return new S3Error(
      'ServiceUnavailable',
      'The disk of this gateway is full. Nothing was stored; try again later.',
      { cause },
    )
  if (cause instanceof SlabError)
    return new S3Error(
      'ServiceUnavailable',
      'Too few of the operators that keep the contents of this gateway can serve this now. Try again later.',
      { cause },
    )
  return new S3Error('InternalError', 'We encountered an internal error. Please try again.', { cause })
}

/** SQLITE_FULL, of the catalogue. */
const sqliteFull = 13

function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error)) return false
  const isCatalogueFull =
    error.code === 'ERR_SQLITE_ERROR' && 'errcode' in error && error.errcode === sqliteFull
  return error.code === 'ENOSPC' || error.code === 'EDQUOT' || isCatalogueFull
}
