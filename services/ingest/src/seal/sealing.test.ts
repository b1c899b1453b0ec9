import { parseSegment, receiptHolds } from '@cairn/protocol'
import { manualClock } from '@cairn/runtime'
import { describe, expect, onTestFinished, test } from 'vitest'
import { epochEndMs, lateEndMs, sealEndMs } from '../epoch-times.ts'
import { signReport, temporaryFolder, timeline } from '../fixtures.ts'
import { advance, codeOf, device, receiptOf, startIngest } from '../running-ingest.fixture.ts'

describe('sealing', () => {
  test('default: an epoch is closed, committed, and published when nobody can commit any more', async () => {
    const { post, get, chain, clock } = await startIngest()
    const reports = Array.from({ length: 3 }, (_, sequence) => signReport(device, { sequence }))
    await post(reports)
    await advance(clock, epochEndMs(timeline, 0) - clock.now(), () => chain.commitments.has(0))
    const { root, count, sizeBytes } = chain.commitments.get(0)!
    expect({ count, sizeBytes }).toEqual({
      count: 3,
      sizeBytes: reports.reduce((sum, { length }) => sum + length, 0),
    })
    expect((await post([signReport(device, { sequence: 7 })])).map(codeOf)).toEqual(['sealed'])
    expect((await post([reports[1]!])).map(receiptOf)).toMatchObject([{ index: 1 }])
    const early = await get(`commitments/${root}`)
    expect(early.status).toBe(404)
    expect(await early.json()).toMatchObject({ code: 'not_published' })

    await advance(
      clock,
      sealEndMs(timeline, 0) - clock.now(),
      async () => (await get(`commitments/${root}`)).status === 200,
    )
    const published = (await (await get(`commitments/${root}`)).json()) as { segments: string[] }
    expect(published).toEqual({ epoch: 0, count: 3, sizeBytes, segments: [root] })
    const segment = await get(`segments/${published.segments[0]}`)
    expect(parseSegment(new Uint8Array(await segment.arrayBuffer()))).toEqual(
      reports.map((r) => new Uint8Array(r)),
    )
    expect(segment.headers.get('access-control-allow-origin')).toBe('*')
  })

  test('behavior: a commitment that a reorg took away is made again, after a restart too', async () => {
    const dataDir = await temporaryFolder(onTestFinished)
    const first = await startIngest({ dataDir })
    await first.post([signReport(device)])
    await advance(first.clock, epochEndMs(timeline, 0) - first.clock.now(), () =>
      first.chain.commitments.has(0),
    )
    const { root } = first.chain.commitments.get(0)!
    first.chain.commitments.clear()
    await advance(first.clock, 0, () => first.chain.commitments.get(0)?.root === root)
    await first.stop()
    first.chain.commitments.clear()
    const clock = manualClock(epochEndMs(timeline, 0) + 2_000)
    const second = await startIngest({ dataDir, chain: first.chain, clock })
    await advance(clock, 0, () => second.chain.commitments.get(0)?.root === root)
    expect((await second.post([signReport(device, { sequence: 5 })])).map(codeOf)).toEqual(['sealed'])
  })

  test('behavior: an outage delays a commitment', async () => {
    const { post, chain, clock } = await startIngest()
    await post([signReport(device)])
    chain.outage = new Error('no route')
    await advance(clock, epochEndMs(timeline, 0) - clock.now(), () => chain.refusals > 2)
    expect(chain.commitments.size).toBe(0)
    chain.outage = undefined
    await advance(clock, 0, () => chain.commitments.has(0))
  })

  test('behavior: what missed its sealing is committed late, after a restart too', async () => {
    const dataDir = await temporaryFolder(onTestFinished)
    const first = await startIngest({ dataDir })
    await first.post([signReport(device)])
    await first.stop()
    const clock = manualClock(sealEndMs(timeline, 0) + 1_000)
    const second = await startIngest({ dataDir, chain: first.chain, clock })
    await advance(clock, 0, () => second.chain.commitments.has(0))
    const { root, count } = second.chain.commitments.get(0)!
    expect(count).toBe(1)
    await expect.poll(async () => (await second.get(`commitments/${root}`)).status).toBe(200)
  })

  test('behavior: when even that is over it says so, once, and commits nothing', async () => {
    const { post, chain, clock } = await startIngest()
    await post([signReport(device)])
    chain.outage = new Error('no route')
    await advance(clock, lateEndMs(timeline, 0) - clock.now(), () => chain.refusals > 2)
    chain.outage = undefined
    let asked = 0
    const { committed } = chain
    chain.committed = (epoch) => {
      asked++
      return committed(epoch)
    }
    await advance(clock, 0, () => asked > 0)
    clock.advance(1_000)
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
    expect(asked).toBe(1)
    expect(chain.commitments.size).toBe(0)
  })

  test('behavior: what is past its retention is gone', async () => {
    const { post, get, chain, clock } = await startIngest({ limits: { retentionEpochs: 1 } })
    await post([signReport(device)])
    await advance(clock, epochEndMs(timeline, 0) - clock.now(), () => chain.commitments.has(0))
    const { root } = chain.commitments.get(0)!
    const status = async () => (await get(`segments/${root}`)).status
    await advance(clock, sealEndMs(timeline, 0) - clock.now(), async () => (await status()) === 200)
    await advance(clock, 2 * timeline.epochMs, async () => (await status()) === 404)
  })

  test('behavior: what no final root covers is kept however old it is: a network may have stood still', async () => {
    const { post, get, chain, clock } = await startIngest({ limits: { retentionEpochs: 1 } })
    let asked = 0
    let isSettled = false
    chain.isSettled = async () => {
      asked++
      return isSettled
    }
    await post([signReport(device)])
    await advance(clock, epochEndMs(timeline, 0) - clock.now(), () => chain.commitments.has(0))
    const { root } = chain.commitments.get(0)!
    const status = async () => (await get(`segments/${root}`)).status
    await advance(clock, 3_000 * timeline.epochMs, () => asked > 1)
    expect(await status()).toBe(200)
    isSettled = true
    await advance(clock, timeline.epochMs, async () => (await status()) === 404)
  })

  test('error: the fault drop-acked leaves out a report that was acknowledged', async () => {
    const { post, chain, clock } = await startIngest({ fault: 'drop-acked' })
    const receipts = (await post([0, 1].map((sequence) => signReport(device, { sequence })))).map(receiptOf)
    await advance(clock, epochEndMs(timeline, 0) - clock.now(), () => chain.commitments.has(0))
    expect(chain.commitments.get(0)!.count).toBe(1)
    expect(receipts[1]!.index).toBe(1)
  })

  test('error: the fault equivocate signs two different groups over the same index', async () => {
    const { post } = await startIngest({ fault: 'equivocate' })
    const report = signReport(device)
    const a = receiptOf((await post([report]))[0])
    const b = receiptOf((await post([report]))[0])
    expect([receiptHolds(a), receiptHolds(b)]).toEqual([true, true])
    expect(a.group.first).toBe(b.group.first)
    expect(a.group.batchRoot).not.toBe(b.group.batchRoot)
  })
})
