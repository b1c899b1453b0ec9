import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  checksumAlgorithms,
  combineDigests,
  composeDigests,
  createDigest,
  isCombinable,
  isDigestText,
  parseChecksumAlgorithm,
} from './algorithm.ts'

const digestOf = (algorithm: (typeof checksumAlgorithms)[number], ...pieces: Uint8Array[]) => {
  const digest = createDigest(algorithm)
  for (const piece of pieces) digest.update(piece)
  return digest.digest()
}

// Check values of "123456789": the catalogue of parametrised CRC algorithms (CRC-32/ISO-HDLC, CRC-32/ISCSI, CRC-64/NVME) and FIPS 180-4.
test.for([
  ['CRC32', 'cbf43926'],
  ['CRC32C', 'e3069283'],
  ['CRC64NVME', 'ae8b14860a799888'],
  ['SHA1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ['SHA256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
] as const)('default: %s of 123456789', ([algorithm, hex]) => {
  const bytes = Buffer.from('123456789')
  expect(digestOf(algorithm, bytes).toString('hex')).toBe(hex)
  expect(digestOf(algorithm, bytes.subarray(0, 2), bytes.subarray(2)).toString('hex')).toBe(hex)
  expect(parseChecksumAlgorithm(algorithm.toLowerCase())).toBe(algorithm)
  expect(isDigestText(algorithm, Buffer.from(hex, 'hex').toString('base64'))).toBe(true)
  expect(isDigestText(algorithm, hex)).toBe(false)
})

test('behavior: CRCs of parts give the CRC of the whole', () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 })
  for (const algorithm of checksumAlgorithms.filter(isCombinable))
    fc.assert(
      fc.property(parts, (pieces) => {
        const digests = pieces.map((piece) => ({
          value: digestOf(algorithm, piece).toString('base64'),
          sizeBytes: piece.length,
        }))
        expect(combineDigests(algorithm, digests)).toBe(digestOf(algorithm, ...pieces).toString('base64'))
      }),
    )
})

test('behavior: a composite is the digest of the digests and their count', () => {
  const parts = ['a', 'b'].map((text) => ({
    value: digestOf('SHA256', Buffer.from(text)).toString('base64'),
    sizeBytes: 1,
  }))
  const inner = parts.map(({ value }) => Buffer.from(value, 'base64'))
  expect(composeDigests('SHA256', parts)).toBe(`${digestOf('SHA256', ...inner).toString('base64')}-2`)
})

test('error: SHA-256 of a whole does not follow from its parts', () => {
  expect(() => combineDigests('SHA256', [])).toThrow('does not follow')
})
