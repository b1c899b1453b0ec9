import { createHash } from 'node:crypto'
import { S3Error } from '../s3-error.ts'
import { isSameSignature, signText } from '../signature/signing-key.ts'
import type { ChunkChain } from '../signature/verify-request.ts'
import { type ByteReader, createByteReader } from './byte-reader.ts'

/** What the framing of a body promises. */
export interface ChunkOptions {
  /** Chunks carry signatures that continue this chain; undefined when they are not signed. */
  readonly chain: ChunkChain | undefined
  readonly hasTrailer: boolean
}

/** The headers after the last chunk, by lower-case name. */
export type Trailer = ReadonlyMap<string, string>

/** Five times what any known client sends; a chunk need not fit in memory, only its size in a number. */
const largestChunkBytes = 5 * 2 ** 30
const longestLine = 1024
const mostTrailers = 16
const emptyHash = createHash('sha256').digest('hex')

/**
 * Takes the framing off a body in `aws-chunked` form and returns its trailer (Amazon S3, "Signature calculations: transferring
 * payload in multiple chunks", and the same with trailing headers):
 *
 * ```
 * <size in hex>[;chunk-signature=<64 hex>]\r\n <bytes> \r\n … 0[;chunk-signature=…]\r\n [name:value\r\n …] \r\n
 * ```
 *
 * Bytes are passed on before the signature of their chunk is known: whoever takes them believes none until the end comes without an error.
 *
 * @throws S3Error IncompleteBody where the framing is broken or ends early, SignatureDoesNotMatch, MalformedTrailerError
 */
export async function* decodeChunks(
  source: AsyncIterable<Uint8Array>,
  { chain, hasTrailer }: ChunkOptions,
): AsyncGenerator<Uint8Array, Trailer> {
  const reader = createByteReader(source)
  let previous = chain?.seed ?? ''
  for (;;) {
    const { size, signature } = parseChunkHead(await reader.line(longestLine), chain !== undefined)
    const hash = chain === undefined ? undefined : createHash('sha256')
    for (let left = size; left > 0; ) {
      const bytes = await reader.some(left)
      if (bytes === undefined) throw incomplete(`The body ends ${left} bytes before its chunk does.`)
      hash?.update(bytes)
      left -= bytes.length
      yield bytes
    }
    if (chain !== undefined && hash !== undefined) {
      requireSignature(chain, 'PAYLOAD', [previous, emptyHash, hash.digest('hex')], signature)
      previous = signature
    }
    if (size === 0) break
    if ((await reader.line(2)) !== '') throw incomplete('A chunk is not followed by an empty line.')
  }
  const trailer = hasTrailer ? await readTrailer(reader, chain, previous) : new Map<string, string>()
  if (!hasTrailer && ((await reader.line(2)) ?? '') !== '')
    throw incomplete('After the last chunk comes no empty line.')
  // JavaScript's client sends a second empty line after a trailer.
  const rest = await reader.line(2)
  if ((rest ?? '') !== '' || (await reader.some(1)) !== undefined)
    throw incomplete('The body goes on after its last chunk.')
  return trailer
}

const signedHead = /^([0-9a-fA-F]{1,10});chunk-signature=([0-9a-f]{64})$/
const plainHead = /^([0-9a-fA-F]{1,10})(?:;[\x20-\x7e]*)?$/

function parseChunkHead(line: string | undefined, isSigned: boolean): { size: number; signature: string } {
  const [, digits, signature = ''] = (isSigned ? signedHead : plainHead).exec(line ?? '') ?? []
  const size = Number.parseInt(digits ?? '', 16)
  if (digits === undefined || size > largestChunkBytes)
    throw incomplete(
      `A chunk has to begin with its size in hexadecimal digits${isSigned ? ' and ;chunk-signature=<64 digits>' : ''}; this one does not, or the body ends before it.`,
    )
  return { size, signature }
}

/** A trailer ends with an empty line, or with the body: not every client sends the line. */
async function readTrailer(
  reader: ByteReader,
  chain: ChunkChain | undefined,
  previous: string,
): Promise<Trailer> {
  const trailer = new Map<string, string>()
  for (;;) {
    const line = await reader.line(longestLine)
    if (line === undefined || line === '') break
    const at = line.indexOf(':')
    const name = line.slice(0, Math.max(at, 0)).trim().toLowerCase()
    if (at < 1 || trailer.has(name) || trailer.size === mostTrailers)
      throw new S3Error(
        'MalformedTrailerError',
        'The trailer has to be lines of name:value, each name once, at most 16.',
      )
    trailer.set(name, line.slice(at + 1).trim())
  }
  if (chain !== undefined) {
    const signature = trailer.get('x-amz-trailer-signature') ?? ''
    trailer.delete('x-amz-trailer-signature')
    const text = [...trailer].map(([name, value]) => `${name}:${value}\n`).join('')
    const hash = createHash('sha256').update(text, 'latin1').digest('hex')
    requireSignature(chain, 'TRAILER', [previous, hash], signature)
  }
  return trailer
}

function requireSignature(
  { signingKey, date, scope }: ChunkChain,
  what: 'PAYLOAD' | 'TRAILER',
  lines: readonly string[],
  given: string,
): void {
  const expected = signText(signingKey, [`AWS4-HMAC-SHA256-${what}`, date, scope, ...lines].join('\n'))
  if (isSameSignature(given, expected)) return
  throw new S3Error(
    'SignatureDoesNotMatch',
    `The signature of ${what === 'TRAILER' ? 'the trailer' : 'a chunk'} of the body does not match. Nothing was stored.`,
  )
}

function incomplete(said: string): S3Error {
  return new S3Error('IncompleteBody', said)
}
