import { describe, expect, onTestFinished, test } from 'vitest'
import { makeDevices, signReport } from '../fixtures.ts'
import { checkVerdict } from './check-job.ts'
import { createCheckPool } from './check-pool.ts'

const [device, other] = makeDevices(2) as [
  ReturnType<typeof makeDevices>[0],
  ReturnType<typeof makeDevices>[0],
]

function startPool() {
  const failures: unknown[] = []
  const pool = createCheckPool({
    threads: 2,
    checkReports: 3,
    cachedKeys: 8,
    onFailure: (error) => failures.push(error),
  })
  onTestFinished(() => pool.stop())
  return { pool, failures }
}

describe('createCheckPool', () => {
  test('default: results are in the order of the items, over many jobs and threads', async () => {
    const { pool } = startPool()
    const items = Array.from({ length: 20 }, (_, sequence) => ({
      key: (sequence % 7 === 3 ? other : device).key,
      bytes: signReport(device, { sequence }),
    }))
    const { verdicts, hashes } = await pool.check({}, items)
    const { valid, badSignature } = checkVerdict
    expect([...verdicts]).toEqual(items.map((_, i) => (i % 7 === 3 ? badSignature : valid)))
    expect(hashes.length).toBe(32 * 20)
  })

  test('error: what waits when it is stopped is rejected', async () => {
    const { pool } = startPool()
    const items = [{ key: device.key, bytes: signReport(device) }]
    const checks = Array.from({ length: 50 }, () => pool.check({}, items))
    const outcome = Promise.allSettled(checks)
    await pool.stop()
    const rejected = (await outcome).filter(({ status }) => status === 'rejected')
    expect(rejected.length).toBeGreaterThan(0)
    await expect(pool.check({}, items)).rejects.toThrow('The ingest is stopping')
  })

  test('error: a thread that ends by itself ends the pool', async () => {
    const { pool, failures } = startPool()
    // Not a report: what the acceptor would never hand over.
    const broken = pool.check({}, [{ key: device.key, bytes: new Uint8Array(3) }])
    await expect(broken).rejects.toThrow('not a report')
    expect(failures).toHaveLength(1)
  })
})
