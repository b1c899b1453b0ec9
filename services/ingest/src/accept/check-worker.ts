import { parentPort, workerData } from 'node:worker_threads'
import { createVerifyP256, sha256 } from '@cairn/runtime'
import { runJob } from './check-job.ts'

/** The thread behind `check-pool.ts`: takes `{id, packed}`, answers `{id, verdicts, hashes}`. */
const verify = createVerifyP256((workerData as { cachedKeys: number }).cachedKeys)

parentPort?.on('message', ({ id, packed }: { id: number; packed: ArrayBuffer }) => {
  const { verdicts, hashes } = runJob(packed, { sha256, verify })
  parentPort?.postMessage({ id, verdicts, hashes }, [
    verdicts.buffer as ArrayBuffer,
    hashes.buffer as ArrayBuffer,
  ])
})
