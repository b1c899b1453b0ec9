import {
  groupCommitDigest,
  parseReceipt,
  parseSegment,
  type Receipt,
  receiptHolds,
  toHex,
} from '@cairn/protocol'
import { type ManualClock, manualClock } from '@cairn/runtime'
import { recoverAddress } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { createIngest, type IngestOptions } from './create-ingest.ts'
import { epochEndMs, sealEndMs } from './epoch-times.ts'
import {
  type FakeChain,
  fakeChain,
  joinBatch,
  makeDevices,
  network,
  quiet,
  signingKey,
  signReport,
  temporaryFolder,
  timeline,
} from './fixtures.ts'
import type { Answer } from './index.ts'

const devices = makeDevices(4)
const [device] = devices as [(typeof devices)[0]]
const account = privateKeyToAddress(toHex(signingKey))

interface Running {
  readonly chain: FakeChain
  readonly clock: ManualClock
  readonly url: string
  stop(): Promise<void>
  post(reports: readonly Uint8Array[]): Promise<Answer[]>
  get(path: string): Promise<Response>
}

async function startIngest(
  options: Partial<IngestOptions> & { chain?: FakeChain; clock?: ManualClock } = {},
): Promise<Running> {
  const chain = options.chain ?? fakeChain(devices)
  const clock = options.clock ?? manualClock(timeline.genesisMs + 5_000)
  const ingest = createIngest({
    signingKey,
    log: quiet,
    http: { host: '127.0.0.1', port: 0 },
    threads: 1,
    ...options,
    dataDir: options.dataDir ?? (await temporaryFolder(onTestFinished)),
    chain,
    clock,
    limits: { groupIntervalMs: 0, sealPollMs: 1, ...options.limits },
  })
  const { url } = await ingest.start()
  onTestFinished(() => ingest.stop())
  const base = `${url}/v1/networks/${network}`
  return {
    chain,
    clock,
    url,
    stop: () => ingest.stop(),
    async post(reports) {
      const response = await fetch(`${base}/reports`, {
        method: 'POST',
        headers: { 'content-type': 'application/vnd.cairn.reports' },
        body: joinBatch(reports),
      })
      expect(response.status).toBe(200)
      return ((await response.json()) as { results: Answer[] }).results
    },
    get: (path) => fetch(path.startsWith('/') ? `${url}${path}` : `${base}/${path}`),
  }
}

const receiptOf = (answer: Answer | undefined): Receipt => {
  expect(answer).toMatchObject({ status: 'accepted' })
  return parseReceipt((answer as { receipt: unknown }).receipt)
}
const codeOf = (answer: Answer | undefined) => (answer?.status === 'rejected' ? answer.code : 'accepted')

/** Moves time on by `ms` and the margin, then in small steps, for the sealer sleeps on the clock, until `until` holds. */
async function advance(clock: ManualClock, ms: number, until: () => boolean | Promise<boolean>) {
  clock.advance(ms + 1_000)
  const step = () => {
    clock.advance(1)
    return until()
  }
  await expect.poll(step, { interval: 2, timeout: 15_000 }).toBe(true)
}

describe('reports over HTTP', () => {
  test('default: every report gets a receipt that holds and that the ingest signed', async () => {
    const { post, chain } = await startIngest()
    const reports = Array.from({ length: 5 }, (_, sequence) => signReport(device, { sequence }))
    const receipts = (await post(reports)).map(receiptOf)
    expect(receipts.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4])
    expect(receipts.map(receiptHolds)).toEqual([true, true, true, true, true])
    for (const { group, signature } of receipts) {
      const hash = toHex(groupCommitDigest(chain.domain, group))
      expect(await recoverAddress({ hash, signature })).toBe(account)
    }
  })

  test('behavior: the same report again gets the same receipt, in one body, later, and after a restart', async () => {
    const dataDir = await temporaryFolder(onTestFinished)
    const first = await startIngest({ dataDir })
    const report = signReport(device)
    const [a, b] = await first.post([report, report])
    const [c] = await first.post([signReport(devices[1]!, { device: 1 }), report].reverse())
    await first.stop()
    const second = await startIngest({ dataDir })
    const [d, e] = await second.post([report, signReport(device, { sequence: 9 })])
    expect(receiptOf(a)).toEqual(receiptOf(b))
    expect(receiptOf(c)).toEqual(receiptOf(a))
    expect(receiptOf(d)).toEqual(receiptOf(a))
    expect(receiptOf(e)).toMatchObject({ index: 2, group: { first: 2, count: 1 } })
  })

  test('error: each kind of refusal has its code, message and fix', async () => {
    const { post, chain } = await startIngest({ limits: { reportsPerDevice: 3 } })
    chain.revoked.add(3)
    const good = signReport(device)
    const badSignature = good.slice()
    badSignature[120]! ^= 1
    const highS = good.slice()
    highS.fill(0xff, 127, 140)
    const mismatch = good.slice()
    mismatch[mismatch.length - 1]! ^= 1
    const answers = await post([
      good.subarray(1),
      new Uint8Array(131_073),
      signReport(device, { network: `0x${'00'.repeat(28)}` as typeof network }),
      signReport(device, { epoch: 1 }),
      signReport(device, { timeMs: 1 }),
      signReport(device, { device: 4 }),
      signReport(devices[3]!, { device: 3 }),
      badSignature,
      highS,
      mismatch,
      good,
      signReport(device, { observations: [Uint8Array.of(9)] }),
      signReport(device, { sequence: 1 }),
      signReport(device, { sequence: 2 }),
      signReport(device, { sequence: 3 }),
    ])
    expect(answers.map(codeOf)).toEqual([
      'malformed_report',
      'oversized_report',
      'wrong_network',
      'wrong_epoch',
      'clock_skew',
      'unknown_device',
      'revoked_device',
      'bad_signature',
      'high_s',
      'body_mismatch',
      'accepted',
      'duplicate_sequence',
      'accepted',
      'accepted',
      'epoch_full',
    ])
    for (const answer of answers) {
      if (answer.status === 'accepted') continue
      expect(answer.message.length).toBeGreaterThan(20)
      expect(answer.fix.length).toBeGreaterThan(20)
    }
    expect(answers[3]).toMatchObject({ message: expect.stringContaining('the epoch open now is 0') })
    expect(answers[4]).toMatchObject({ message: expect.stringContaining('1005000 ms') })
  })

  test('error: a forged report in front of the true one does not take its place', async () => {
    const { post } = await startIngest()
    const forged = signReport(devices[1]!, { device: 0, observations: [Uint8Array.of(66)] })
    expect((await post([forged, signReport(device)])).map(codeOf)).toEqual(['bad_signature', 'accepted'])
  })

  test('error: a device above its rate is refused, and the others are not', async () => {
    const { post, clock } = await startIngest({ limits: { deviceBurst: 2, devicePerSecond: 1 } })
    const reports = Array.from({ length: 3 }, (_, sequence) => signReport(device, { sequence }))
    const other = signReport(devices[1]!, { device: 1 })
    expect((await post([...reports, other])).map(codeOf)).toEqual([
      'accepted',
      'accepted',
      'rate_limited',
      'accepted',
    ])
    clock.advance(1_000)
    expect((await post([reports[2]!])).map(codeOf)).toEqual(['accepted'])
  })

  test('error: an epoch that is full by the ingest’s bond', async () => {
    const chain = fakeChain(devices, { capacity: { reports: 1, bytes: 10_000 } })
    const { post } = await startIngest({ chain })
    const answers = await post([signReport(device), signReport(device, { sequence: 1 })])
    expect(answers.map(codeOf)).toEqual(['accepted', 'epoch_full'])
  })

  test('error: requests that are not batches of reports', async () => {
    const { url } = await startIngest({ limits: { bodyBytes: 1_000, bodyReports: 2 } })
    const post = async (
      body: Uint8Array<ArrayBuffer>,
      type = 'application/vnd.cairn.reports',
      id: string = network,
    ) => {
      const response = await fetch(`${url}/v1/networks/${id}/reports`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      })
      const { code, fix } = (await response.json()) as { code: string; fix: string }
      expect(fix.length).toBeGreaterThan(8)
      return [response.status, code]
    }
    expect(await post(Uint8Array.of(0, 0))).toEqual([400, 'malformed_body'])
    expect(await post(Uint8Array.of(0, 0, 0, 9, 1))).toEqual([400, 'malformed_body'])
    expect(await post(new Uint8Array(12))).toEqual([400, 'malformed_body'])
    expect(await post(new Uint8Array(1_001))).toEqual([413, 'body_too_large'])
    expect(await post(new Uint8Array(4), 'application/json')).toEqual([415, 'wrong_content_type'])
    expect(await post(new Uint8Array(4), undefined, `0x${'00'.repeat(28)}`)).toEqual([404, 'unknown_network'])
    expect(await post(new Uint8Array(4), undefined, 'x')).toEqual([404, 'not_found'])
  })

  test('error: while the chain can not be read, nothing is taken, and then it is', async () => {
    const { post, chain, url } = await startIngest()
    chain.outage = new Error('no route')
    const response = await fetch(`${url}/v1/networks/${network}/reports`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.cairn.reports' },
      body: joinBatch([signReport(device)]),
    })
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'unavailable' })
    chain.outage = undefined
    expect((await post([signReport(device)])).map(codeOf)).toEqual(['accepted'])
  })
})

describe('reports over a stream', () => {
  async function openStream(url: string): Promise<WebSocket> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/networks/${network}/stream`)
    onTestFinished(() => socket.terminate())
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return socket
  }
  const frame = (id: number, reports: readonly Uint8Array[]) => {
    const head = Buffer.alloc(4)
    head.writeUInt32BE(id)
    return Buffer.concat([head, joinBatch(reports)])
  }
  const take = (socket: WebSocket, count: number) =>
    new Promise<{ id: number; answer: { results?: Answer[]; code?: string } }[]>((resolve) => {
      const answers: { id: number; answer: { results?: Answer[]; code?: string } }[] = []
      socket.on('message', (data: Buffer) => {
        answers.push({ id: data.readUInt32BE(0), answer: JSON.parse(data.subarray(4).toString()) })
        if (answers.length === count) resolve(answers)
      })
    })

  test('default: frames are answered in order, each under its id, beyond the window too', async () => {
    const { url } = await startIngest({ limits: { windowFrames: 2 } })
    const socket = await openStream(url)
    const answers = take(socket, 12)
    for (let id = 0; id < 12; id++) {
      socket.send(id === 5 ? Buffer.of(0, 0, 0, 5, 1) : frame(id, [signReport(device, { sequence: id })]))
    }
    const all = await answers
    expect(all.map(({ id }) => id)).toEqual(Array.from({ length: 12 }, (_, id) => id))
    expect(all[5]!.answer).toMatchObject({ code: 'malformed_body' })
    const receipts = all.flatMap(({ answer }) => (answer.results ?? []).map(receiptOf))
    expect(receipts.map(({ index }) => index)).toEqual(Array.from({ length: 11 }, (_, index) => index))
    expect(receipts.every(receiptHolds)).toBe(true)
  })

  test('behavior: a flood over one connection does not keep another waiting', async () => {
    const { url, post } = await startIngest({ limits: { invalidBurst: 1e9, windowFrames: 64 } })
    const flood = await openStream(url)
    const forged = Array.from({ length: 512 }, (_, sequence) =>
      signReport(devices[1]!, { device: 0, sequence }),
    )
    const flooded = take(flood, 8)
    let isFloodOver = false
    void flooded.then(() => {
      isFloodOver = true
    })
    for (let id = 0; id < 8; id++) flood.send(frame(id, forged))
    expect((await post([signReport(device)])).map(codeOf)).toEqual(['accepted'])
    expect(isFloodOver).toBe(false)
    expect((await flooded).flatMap(({ answer }) => answer.results!.map(codeOf))).toEqual(
      new Array(8 * 512).fill('bad_signature'),
    )
  })
})

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

  test('behavior: what is past its retention is gone', async () => {
    const { post, get, chain, clock } = await startIngest({ limits: { retentionEpochs: 1 } })
    await post([signReport(device)])
    await advance(clock, epochEndMs(timeline, 0) - clock.now(), () => chain.commitments.has(0))
    const { root } = chain.commitments.get(0)!
    const status = async () => (await get(`segments/${root}`)).status
    await advance(clock, sealEndMs(timeline, 0) - clock.now(), async () => (await status()) === 200)
    await advance(clock, 2 * timeline.epochMs, async () => (await status()) === 404)
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

describe('reads', () => {
  test('default: clock, health, metrics and the description of the interface', async () => {
    const { get, post } = await startIngest()
    expect(await (await get('clock')).json()).toEqual({
      nowMs: 1_005_000,
      epoch: 0,
      startMs: 1_000_000,
      endMs: 1_060_000,
      acceptsUntilMs: 1_061_000,
    })
    expect(await (await get('/health')).json()).toEqual({ status: 'ok', network, epoch: 0 })
    await post([signReport(device), new Uint8Array(3)])
    const metrics = await (await get('/metrics')).text()
    expect(metrics).toMatch(/cairn_ingest_reports_total\{[^}]*result="accepted"[^}]*\} 1/)
    expect(metrics).toMatch(/cairn_ingest_reports_total\{[^}]*result="malformed_report"[^}]*\} 1/)
    const { paths } = (await (await get('/openapi.json')).json()) as { paths: object }
    expect(Object.keys(paths)).toEqual([
      '/v1/networks/{network}/reports',
      '/v1/networks/{network}/stream',
      '/v1/networks/{network}/clock',
      '/v1/networks/{network}/commitments/{evidenceRoot}',
      '/v1/networks/{network}/segments/{segmentId}',
      '/health',
      '/metrics',
    ])
  })

  test('behavior: the beacon of an epoch is captured when its log is opened', async () => {
    const { post, chain } = await startIngest()
    await post([signReport(device, { sequence: 1 })])
    expect([...chain.captured]).toEqual([0])
  })
})
