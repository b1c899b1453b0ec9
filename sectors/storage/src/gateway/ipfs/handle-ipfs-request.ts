import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CID } from 'multiformats/cid'
import { matchesTag } from '../http/conditions.ts'
import { readHead } from '../http/read-head.ts'
import type { Reply } from '../http/reply.ts'
import { isClientGone, sendReply } from '../http/send-reply.ts'
import { S3Error } from '../s3-error.ts'
import { answerHeaders, entityTag } from './answer-headers.ts'
import { IpfsError } from './ipfs-error.ts'
import { type IpfsRequest, parseIpfsRequest } from './parse-ipfs-request.ts'
import type { Publications } from './publications.ts'
import { type Block, type ReadBlock, walkDag, withoutRepeats } from './walk-dag.ts'
import { carHeader, writeCar } from './write-car.ts'

/** Where blocks of public data come from. */
export type PublicBlocks = Pick<Publications, 'has' | 'read'>

const sha256Code = 0x12
const identityCode = 0x00
/** Of these a CAR with `dups=n` remembers which it has sent: 256 GiB of leaves, 40 MB of memory. */
const mostRemembered = 2 ** 18

/** Open to everybody, and so to every page in a browser. */
const always = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, OPTIONS',
  'access-control-allow-headers': 'Accept, Cache-Control, Content-Type, If-None-Match, Range',
  'access-control-expose-headers': 'Content-Length, Content-Location, Etag, X-Ipfs-Path, X-Ipfs-Roots',
  'x-content-type-options': 'nosniff',
  server: 'cairn',
}

/** Answers one request for public data; what the gateway itself could not do goes to `onError`. */
export async function handleIpfsRequest(
  blocks: PublicBlocks,
  request: IncomingMessage,
  response: ServerResponse,
  onError: (error: unknown) => void,
): Promise<void> {
  for (const [name, value] of Object.entries(always)) response.setHeader(name, value)
  try {
    await sendReply(response, await answer(blocks, request))
  } catch (error) {
    const said = toIpfsError(error)
    if (said.status === 500 && !isClientGone(error)) onError(error)
    // A CAR that was begun can only be cut off; its client finds the block that is missing.
    if (response.headersSent || response.destroyed) return void response.destroy()
    const text = `${said.message}\n`
    response.writeHead(said.status, {
      ...said.headers,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'content-length': Buffer.byteLength(text),
    })
    response.end(request.method === 'HEAD' ? undefined : text)
  }
}

async function answer(blocks: PublicBlocks, request: IncomingMessage): Promise<Reply> {
  const { method } = request
  if (method === 'OPTIONS') return { status: 204, headers: { 'access-control-max-age': '86400' } }
  if (method !== 'GET' && method !== 'HEAD')
    throw new IpfsError(405, 'Public data can be read here, with GET and HEAD.', {
      headers: { allow: 'GET, HEAD, OPTIONS' },
    })
  const incoming = readHead(request)
  const asked = parseIpfsRequest(incoming)
  if (isProbe(asked.cid)) return probeReply(asked, method)
  if (!isThere(blocks, asked.cid)) throw missing(asked, incoming.headers['cache-control'])
  const headers = answerHeaders(asked, incoming.query)
  const known = incoming.headers['if-none-match']
  if (known !== undefined && matchesTag(known, entityTag(asked)))
    return {
      status: 304,
      headers: { etag: headers.etag, 'cache-control': headers['cache-control'], vary: headers.vary },
    }
  const read: ReadBlock = async (cid) => (isSha256(cid) ? blocks.read(cid.multihash.digest) : undefined)
  const reply = asked.format === 'raw' ? await rawReply(asked.cid, read) : await carReply(asked, read)
  return {
    status: 200,
    headers: { ...headers, ...reply.headers },
    body: method === 'HEAD' ? await discard(reply.body) : reply.body,
  }
}

interface Body {
  readonly headers: Reply['headers']
  readonly body: AsyncIterable<Uint8Array>
}

async function rawReply(cid: CID, read: ReadBlock): Promise<Body> {
  const bytes = await read(cid)
  if (bytes === undefined)
    throw new IpfsError(404, `Nothing that is public here has the block ${cid.toString()}.`)
  return { headers: { 'content-length': String(bytes.length) }, body: one(bytes) }
}

/** The first block is read before the answer begins, so that there can still be another answer. */
async function carReply(asked: IpfsRequest, read: ReadBlock): Promise<Body> {
  const walk = walkDag(read, asked)
  const first = await walk.next()
  const all = resume(first, walk)
  const sent = asked.isRepeated === true ? all : withoutRepeats(all, mostRemembered)
  return { headers: { 'accept-ranges': 'none' }, body: writeCar(asked.cid, sent) }
}

async function* resume(
  first: IteratorResult<Block, void>,
  rest: AsyncGenerator<Block, void>,
): AsyncGenerator<Block, void> {
  try {
    if (!first.done) yield first.value
    yield* rest
  } finally {
    await rest.return()
  }
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  if (bytes.length > 0) yield bytes
}

async function discard(body: AsyncIterable<Uint8Array>): Promise<undefined> {
  await body[Symbol.asyncIterator]().return?.()
}

/** The empty identity CID, `bafkqaaa`: clients ask for it to learn whether this is a trustless gateway. */
function isProbe({ multihash }: CID): boolean {
  return multihash.code === identityCode && multihash.digest.length === 0
}

function probeReply(asked: IpfsRequest, method: string): Reply {
  const bytes = asked.format === 'raw' ? new Uint8Array() : carHeader(asked.cid)
  return {
    status: 200,
    headers: { ...answerHeaders(asked, []), 'content-length': String(bytes.length) },
    body: method === 'HEAD' ? undefined : one(bytes),
  }
}

function isSha256({ multihash }: CID): boolean {
  return multihash.code === sha256Code && multihash.digest.length === 32
}

function isThere(blocks: PublicBlocks, cid: CID): boolean {
  return isSha256(cid) && blocks.has(cid.multihash.digest)
}

function missing({ cidText }: IpfsRequest, cacheControl: string | undefined): IpfsError {
  const said = `Nothing that is public here has the block ${cidText}.`
  const isProbing =
    cacheControl?.split(',').some((word) => word.trim().toLowerCase() === 'only-if-cached') === true
  return new IpfsError(isProbing ? 412 : 404, said, { fix: 'Ask another gateway.' })
}

function toIpfsError(error: unknown): IpfsError {
  if (error instanceof IpfsError) return error
  if (error instanceof S3Error && error.status < 500) return new IpfsError(400, error.said)
  return new IpfsError(500, 'This gateway could not read what it has. Try again later, or ask another.')
}
