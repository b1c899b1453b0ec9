import { createHash, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHashThread, type HashThread, type ThreadedHash } from './hash-thread.ts'

let thread: HashThread

beforeEach(() => {
  thread = createHashThread()
})
afterEach(() => thread.close())

const feed = async (hash: ThreadedHash, bytes: Uint8Array, size: number) => {
  for (let at = 0; at < bytes.length; at += size) await hash.update(bytes.subarray(at, at + size))
}
const hex = (digests: readonly Uint8Array[]) => digests.map((digest) => Buffer.from(digest).toString('hex'))

test.each([0, 1, 131_071, 131_072, 131_073, 3_000_000])(
  'default: the digests of %i bytes, in pieces of any size',
  async (length) => {
    const bytes = randomBytes(length)
    const expected = ['md5', 'sha256'].map((name) => createHash(name).update(bytes).digest('hex'))
    for (const size of [1_000, 65_536, 500_000]) {
      const hash = thread.begin(['md5', 'sha256'])
      await feed(hash, bytes, size)
      expect(hex(await hash.digest())).toEqual(expected)
      hash.drop()
    }
  },
)

test('behavior: many bodies at once, some of them given up', async () => {
  const bodies = Array.from({ length: 40 }, (_, i) => randomBytes(400_000 + i))
  await Promise.all(
    bodies.map(async (bytes, i) => {
      const hash = thread.begin(['md5'])
      await feed(hash, bytes, 60_000)
      if (i % 3 === 0) return hash.drop()
      expect(hex(await hash.digest())).toEqual([createHash('md5').update(bytes).digest('hex')])
    }),
  )
})

test('error: an algorithm that is none fails its body alone to whoever waits, and the next one has a thread again', async () => {
  const wrong = thread.begin(['no-hash'])
  wrong.update(new Uint8Array(10))
  await expect(wrong.digest()).rejects.toThrow()
  const right = thread.begin(['md5'])
  right.update(new Uint8Array(10))
  expect(hex(await right.digest())).toEqual([createHash('md5').update(new Uint8Array(10)).digest('hex')])
})
