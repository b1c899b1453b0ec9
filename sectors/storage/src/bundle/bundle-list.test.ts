import { toHex } from '@cairn/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bundleRows } from '../wire/arbitraries.ts'
import {
  bundleTermsOf,
  deriveBundleDigest,
  encodeAgreedBundle,
  parseAgreedBundle,
  signBundle,
} from '../wire/bundle-agreement.ts'
import { WireError } from '../wire/wire-error.ts'
import { encodeBundleList, parseBundleList, sortBundleRows } from './bundle-list.ts'

const domain = { chainId: 31_337, verifyingContract: `0x${'c0'.repeat(20)}` } as const

test('default: a list and an agreed bundle come back as they were', () => {
  fc.assert(
    fc.property(bundleRows, fc.uint8Array({ minLength: 65, maxLength: 65 }), (any, signature) => {
      const list = { rail: 5n, piece: 2, rows: sortBundleRows(any) }
      const bytes = encodeBundleList(list)
      expect(bytes.length).toBe(16 + 66 * any.length)
      expect(parseBundleList(bytes)).toEqual(list)
      expect(parseAgreedBundle(encodeAgreedBundle({ list, signature }))).toEqual({ list, signature })
    }),
  )
})

test('default: the customer signs rail, piece, root and leaves by EIP-712, as viem 2.57 hashes the same', () => {
  const terms = { rail: 2n ** 40n, piece: 2, root: new Uint8Array(32).fill(0x3a), leaves: 1_024 }
  expect(toHex(deriveBundleDigest(domain, terms))).toBe(
    '0x53dbcb6fdc0e846e9de4d7be6e5f727d06f4c8050b8f84dcf48d548699399c11',
  )
})

test('behavior: what is signed for a list are the root and leaves of its rows', async () => {
  const [any] = fc.sample(bundleRows, { numRuns: 1, seed: 4 })
  const list = { rail: 1n, piece: 2, rows: sortBundleRows(any!) }
  const agreed = await signBundle(async (digest) => digest, domain, list)
  expect(agreed.signature).toEqual(deriveBundleDigest(domain, bundleTermsOf(list)))
  expect(bundleTermsOf(list).leaves).toBe(any!.reduce((sum, { height }) => sum + 2 ** height, 0))
})

test('error: rows out of order, twice, none, or bytes too few or many', () => {
  fc.assert(
    fc.property(bundleRows, (any) => {
      const rows = sortBundleRows(any)
      expect(() => encodeBundleList({ rail: 1n, piece: 0, rows: [...rows, rows[0]!] })).toThrow(WireError)
      expect(() => encodeBundleList({ rail: 1n, piece: 0, rows: [] })).toThrow(WireError)
      if (rows.length > 1) {
        expect(() => encodeBundleList({ rail: 1n, piece: 0, rows: rows.toReversed() })).toThrow(WireError)
      }
      const bytes = encodeBundleList({ rail: 1n, piece: 0, rows })
      expect(() => parseBundleList(bytes.subarray(0, -1))).toThrow(WireError)
      expect(() => parseBundleList(new Uint8Array([...bytes, 0]))).toThrow(WireError)
    }),
  )
})

test('error: any bytes are a list that is written the same, or refused with a typed error', () => {
  fc.assert(
    fc.property(bundleRows, fc.nat(), fc.nat({ max: 255 }), (any, place, value) => {
      const bytes = encodeBundleList({ rail: 1n, piece: 0, rows: sortBundleRows(any) })
      bytes[place % bytes.length] = value
      try {
        expect(encodeBundleList(parseBundleList(bytes))).toEqual(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(WireError)
      }
    }),
  )
})
