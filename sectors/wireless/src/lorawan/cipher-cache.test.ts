import { expect, test } from 'vitest'
import { type BlockCipher, nodeAes128 } from './block-cipher.ts'
import { createCipherCache } from './cipher-cache.ts'

const key = (byte: number): Uint8Array => new Uint8Array(16).fill(byte)

test('default: the same blocks as without it, however keys alternate', () => {
  const cached = createCipherCache(nodeAes128, 2)
  const block = Uint8Array.from({ length: 16 }, (_, i) => i)
  for (const byte of [1, 2, 1, 3, 2, 1])
    expect([...cached(key(byte))(block)]).toEqual([...nodeAes128(key(byte))(block)])
})

test('behavior: opens a key once while it is among the last used', () => {
  const opened: number[] = []
  const counting: BlockCipher = (bytes) => {
    opened.push(bytes[0]!)
    return (block) => block
  }
  const cached = createCipherCache(counting, 2)
  for (const byte of [1, 2, 1, 3, 1, 2]) cached(key(byte))
  expect(opened).toEqual([1, 2, 3, 2])
})
