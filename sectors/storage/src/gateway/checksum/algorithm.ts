import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { crc32c } from '@cairn/protocol'
import { type CrcShape, createCrcCombine } from './combine-crc.ts'
import { createCrc64Nvme } from './crc64nvme.ts'

/** The checksum algorithms of S3, as its API writes them. */
export const checksumAlgorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number]

/** A digest of bytes that come one piece after the other. */
export interface Digest {
  update(bytes: Uint8Array): void
  /** Once, at the end. */
  digest(): Buffer
}

const crcShapes: Partial<Record<ChecksumAlgorithm, CrcShape>> = {
  CRC32: { bits: 32n, polynomial: 0xedb88320n },
  CRC32C: { bits: 32n, polynomial: 0x82f63b78n },
  CRC64NVME: { bits: 64n, polynomial: 0x9a6c9329ac4bc9b5n },
}

const sizes: Record<ChecksumAlgorithm, number> = { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 }

/** @returns the algorithm of that name, in any case; undefined when it is none */
export function parseChecksumAlgorithm(text: string): ChecksumAlgorithm | undefined {
  const upper = text.toUpperCase()
  return checksumAlgorithms.find((name) => name === upper)
}

/** Begins the digest of an algorithm. */
export function createDigest(algorithm: ChecksumAlgorithm): Digest {
  switch (algorithm) {
    case 'CRC32':
      return createCrc32((bytes, before) => crc32(bytes, before))
    case 'CRC32C':
      return createCrc32(crc32c)
    case 'CRC64NVME': {
      const crc = createCrc64Nvme()
      return {
        update: crc.update,
        digest() {
          const out = Buffer.alloc(8)
          out.writeBigUInt64BE(crc.digest())
          return out
        },
      }
    }
    case 'SHA1':
      return createHash('sha1')
    case 'SHA256':
      return createHash('sha256')
  }
}

function createCrc32(next: (bytes: Uint8Array, before: number) => number): Digest {
  let value = 0
  return {
    update: (bytes) => {
      value = next(bytes, value)
    },
    digest() {
      const out = Buffer.alloc(4)
      out.writeUInt32BE(value)
      return out
    },
  }
}

/** Whether a text is the base64 of a digest of this algorithm. */
export function isDigestText(algorithm: ChecksumAlgorithm, text: string): boolean {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === sizes[algorithm] && bytes.toString('base64') === text
}

/** Whether checksums of parts give the checksum of the whole: true for CRCs. */
export function isCombinable(algorithm: ChecksumAlgorithm): boolean {
  return crcShapes[algorithm] !== undefined
}

/** A part's checksum and length. */
export interface PartDigest {
  /** Base64. */
  readonly value: string
  readonly sizeBytes: number
}

/** The checksum of all parts as one object, base64. Only of algorithms that are {@link isCombinable}. */
export function combineDigests(algorithm: ChecksumAlgorithm, parts: readonly PartDigest[]): string {
  const shape = crcShapes[algorithm]
  if (shape === undefined) throw new TypeError(`${algorithm} of a whole does not follow from its parts`)
  const combine = createCrcCombine(shape)
  const whole = parts
    .map(({ value, sizeBytes }) => ({
      crc: BigInt(`0x${Buffer.from(value, 'base64').toString('hex')}`),
      sizeBytes,
    }))
    .reduce((before, { crc, sizeBytes }) => combine(before, crc, sizeBytes), 0n)
  return Buffer.from(whole.toString(16).padStart(sizes[algorithm] * 2, '0'), 'hex').toString('base64')
}

/** The checksum of the parts' checksums, as S3 writes it: base64, a dash, and how many there are. */
export function composeDigests(algorithm: ChecksumAlgorithm, parts: readonly PartDigest[]): string {
  const digest = createDigest(algorithm)
  for (const { value } of parts) digest.update(Buffer.from(value, 'base64'))
  return `${digest.digest().toString('base64')}-${parts.length}`
}
