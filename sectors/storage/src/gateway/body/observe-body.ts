import { createHash } from 'node:crypto'
import { type ChecksumAlgorithm, createDigest } from '../checksum/algorithm.ts'
import type { ExpectedBody } from '../checksum/expected-body.ts'
import type { HashThread, ThreadedHash } from '../checksum/hash-thread.ts'
import { S3Error } from '../s3-error.ts'
import type { Trailer } from './decode-chunks.ts'

/** What was learned of a body that came whole and as promised. */
export interface ObservedBody {
  readonly sizeBytes: number
  /** Hex. */
  readonly md5: string
  /** Base64, of each algorithm that was asked for. */
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, string>
}

/** A body of fewer bytes is hashed sooner than another thread has heard of it. */
const longBytes = 262_144

/** Hashes in this thread. */
function hashHere(algorithms: readonly string[]): ThreadedHash {
  const hashes = algorithms.map((name) => createHash(name))
  return {
    update(bytes) {
      for (const hash of hashes) hash.update(bytes)
      return undefined
    },
    digest: async () => hashes.map((hash) => hash.digest()),
    drop: () => undefined,
  }
}

/**
 * Passes a body on and, at its end, holds it against all that was promised of it: length, digests, checksums of headers and trailer. Whoever reads it may keep
 * what they read only when the end comes without an error.
 *
 * @param chunks decoded; returns its trailer
 * @param onEnd told once, before the end
 * @param thread where long bodies are hashed; here when left out
 * @throws S3Error IncompleteBody, EntityTooLarge, BadDigest, XAmzContentSHA256Mismatch, MalformedTrailerError
 */
export async function* observeBody(
  chunks: AsyncGenerator<Uint8Array, Trailer>,
  expected: ExpectedBody,
  onEnd: (observed: ObservedBody) => void,
  thread?: HashThread,
): AsyncGenerator<Uint8Array, void> {
  const algorithms = expected.sha256 === undefined ? ['md5'] : ['md5', 'sha256']
  const isLong = (expected.sizeBytes ?? 0) >= longBytes
  const hash = isLong && thread !== undefined ? thread.begin(algorithms) : hashHere(algorithms)
  try {
    yield* observeWith(hash, chunks, expected, onEnd)
  } finally {
    hash.drop()
  }
}

async function* observeWith(
  hash: ThreadedHash,
  chunks: AsyncGenerator<Uint8Array, Trailer>,
  expected: ExpectedBody,
  onEnd: (observed: ObservedBody) => void,
): AsyncGenerator<Uint8Array, void> {
  const digests = [...expected.algorithms].map((name) => [name, createDigest(name)] as const)
  let sizeBytes = 0
  for (;;) {
    const { done, value } = await chunks.next()
    if (done) {
      if (expected.sizeBytes !== undefined && sizeBytes < expected.sizeBytes)
        throw incomplete(sizeBytes, expected.sizeBytes)
      const [md5, sha256] = (await hash.digest()).map((digest) => Buffer.from(digest))
      const sha256Hex = sha256?.toString('hex')
      requireEqual('XAmzContentSHA256Mismatch', 'x-amz-content-sha256', expected.sha256, sha256Hex)
      requireEqual('BadDigest', 'Content-MD5', expected.md5, md5!.toString('base64'))
      const checksums = new Map(digests.map(([name, digest]) => [name, digest.digest().toString('base64')]))
      requireChecksums(expected, value, checksums)
      return onEnd({ sizeBytes, md5: md5!.toString('hex'), checksums })
    }
    sizeBytes += value.length
    if (sizeBytes > expected.mostBytes)
      throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size.', {
        elements: { MaxSizeAllowed: String(expected.mostBytes) },
      })
    if (expected.sizeBytes !== undefined && sizeBytes > expected.sizeBytes)
      throw incomplete(sizeBytes, expected.sizeBytes)
    await hash.update(value)
    for (const [, digest] of digests) digest.update(value)
    yield value
  }
}

function requireChecksums(
  { checksum, trailer }: ExpectedBody,
  received: Trailer,
  computed: ReadonlyMap<ChecksumAlgorithm, string>,
): void {
  if (checksum !== undefined)
    requireEqual('BadDigest', checksum.algorithm, checksum.value, computed.get(checksum.algorithm))
  if (trailer === undefined) return
  const value = received.get(`x-amz-checksum-${trailer.toLowerCase()}`)
  if (value === undefined)
    throw new S3Error(
      'MalformedTrailerError',
      `x-amz-trailer promised a ${trailer} checksum after the body, and none came.`,
    )
  requireEqual('BadDigest', trailer, value, computed.get(trailer))
}

function requireEqual(
  code: 'BadDigest' | 'XAmzContentSHA256Mismatch',
  what: string,
  expected: string | undefined,
  computed: string | undefined,
): void {
  if (expected === undefined || expected === computed) return
  throw new S3Error(code, `The ${what} you specified did not match what we received. Nothing was stored.`, {
    elements: { ExpectedDigest: expected.slice(0, 128), CalculatedDigest: computed ?? '' },
  })
}

function incomplete(came: number, promised: number): S3Error {
  return new S3Error(
    'IncompleteBody',
    `The body has ${came < promised ? `${came} bytes` : 'more'} where ${promised} were promised. Nothing was stored.`,
  )
}
