import { opensslCommand, opensslVerifyRate } from '../peers/openssl-speed.ts'
import type { Row } from '../row.ts'
import { alternate, median, ratioOf } from '../statistics.ts'
import { ask, startThread } from '../threads/thread.ts'
import type { CheckSpan } from '../threads/verify-signatures.ts'

const ROUNDS = 9
const SECONDS = 1
const THREADS = 2

/**
 * How near the checks of signatures, which everything else waits for, come to what OpenSSL can do.
 *
 * Both sides count per second of CPU time: on a machine that others use too, the clock would compare who was disturbed less. Samples by the clock are printed beside.
 */
export const signatureChecks: Row = {
  name: 'signature-checks',
  unit: 'verifications/s',
  against: `two of ${opensslCommand(SECONDS)} at once`,
  budget: { atLeast: 0.8 },
  workload: `${THREADS} threads, each checking reports' signed contents (102 bytes, hashed with SHA-256) under 64 P-256 keys with createVerifyP256; rates per second of CPU time, summed over threads (peer: processes); ${ROUNDS} rounds of ${SECONDS} s, in turns`,
  commands: {
    ours: 'npm run bench -- signature-checks',
    peer: `${opensslCommand(SECONDS)} & ${opensslCommand(SECONDS)}`,
  },
  async measure() {
    const module = new URL('../threads/verify-signatures.ts', import.meta.url)
    const threads = await Promise.all(Array.from({ length: THREADS }, () => startThread(module)))
    const byTheClock: number[] = []
    const checkRate = async () => {
      const spans = await Promise.all(threads.map((thread) => ask<CheckSpan>(thread, 1000 * SECONDS)))
      byTheClock.push(spans.reduce((sum, { checks, wallSeconds }) => sum + checks / wallSeconds, 0))
      return spans.reduce((sum, { checks, cpuSeconds }) => sum + checks / cpuSeconds, 0)
    }
    try {
      await checkRate()
      const samples = await alternate(ROUNDS, checkRate, () => opensslVerifyRate(SECONDS))
      return {
        value: median(samples.ours),
        ratio: ratioOf(samples),
        samples: { ...samples, 'ours by the clock, warm-up first': byTheClock },
      }
    } finally {
      await Promise.all(threads.map((thread) => thread.terminate()))
    }
  },
}
