import fc from 'fast-check'
import { createKeccak } from 'hash-wasm'
import { describe, expect, test } from 'vitest'
import { keccak256 } from './keccak256.ts'

const peer = await createKeccak(256)
const peerDigest = (message: Uint8Array) => peer.init().update(message).digest('hex')
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const counting = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 167 + length) & 0xff)

describe('keccak256', () => {
  // The empty code hash of the Ethereum yellow paper, and the test vector of the Keccak team for "abc".
  test.for([
    ['', 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
    ['abc', '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
  ] as const)('default: keccak256(%j)', ([message, digest]) => {
    expect(hex(keccak256(new TextEncoder().encode(message)))).toBe(digest)
  })

  test('behavior: agrees with hash-wasm for every length up to 600', () => {
    for (let length = 0; length <= 600; length++) {
      expect(hex(keccak256(counting(length))), `length ${length}`).toBe(peerDigest(counting(length)))
    }
  })

  // The kernel takes 1927 blocks (262 072 bytes) at once; both sides of that, of twice that, and more.
  test.for([262_071, 262_072, 262_073, 524_143, 524_144, 524_145, 1_000_003])(
    'behavior: agrees with hash-wasm for %i bytes, more than the kernel takes at once',
    (length) => {
      expect(hex(keccak256(counting(length)))).toBe(peerDigest(counting(length)))
    },
  )

  test('behavior: reads a view at any offset and leaves it alone', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(16), (bytes, offset) => {
        const around = new Uint8Array(bytes.length + 32).fill(0xee)
        around.set(bytes, offset)
        const before = around.slice()
        const digest = keccak256(around.subarray(offset, offset + bytes.length))
        expect(hex(digest)).toBe(peerDigest(bytes))
        expect(around).toEqual(before)
      }),
    )
  })

  test('behavior: a digest is not changed by later calls', () => {
    const digest = keccak256(counting(5))
    const copy = digest.slice()
    keccak256(counting(6))
    expect(digest).toEqual(copy)
    expect(digest.buffer.byteLength).toBe(32)
  })
})
