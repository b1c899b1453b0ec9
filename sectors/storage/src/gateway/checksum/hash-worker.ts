import { createHash, type Hash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import type { HashAnswer, HashTask } from './hash-thread.ts'

const bodies = new Map<number, readonly Hash[]>()

parentPort!.on('message', ({ body, algorithms, block, length, isLast }: HashTask) => {
  const hashes = bodies.get(body) ?? algorithms.map((name) => createHash(name))
  if (isLast) bodies.delete(body)
  else bodies.set(body, hashes)
  if (block === undefined) return
  const bytes = block.subarray(0, length)
  for (const hash of hashes) hash.update(bytes)
  const digests = isLast ? hashes.map((hash) => new Uint8Array(hash.digest())) : undefined
  parentPort!.postMessage({ body, block, digests } satisfies HashAnswer, [block.buffer])
})
