import { groupCommitDigest, receiptHolds, toHex } from '@cairn/protocol'
import { recoverAddress } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fakeChain, joinBatch, network, signingKey, signReport, temporaryFolder } from './fixtures.ts'
import { codeOf, device, devices, receiptOf, startIngest } from './running-ingest.fixture.ts'

const account = privateKeyToAddress(toHex(signingKey))

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

  test('error: a second ingest over the same log is refused, for it would sign other groups over the same indexes', async () => {
    const dataDir = await temporaryFolder(onTestFinished)
    const first = await startIngest({ dataDir })
    await expect(startIngest({ dataDir })).rejects.toMatchObject({ code: 'folder_in_use' })
    expect((await first.post([signReport(device)])).map(codeOf)).toEqual(['accepted'])
    await first.stop()
    const second = await startIngest({ dataDir })
    expect((await second.post([signReport(device, { sequence: 1 })])).map(codeOf)).toEqual(['accepted'])
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

  test('behavior: the beacon of an epoch is captured with its first report, and not by one that is refused', async () => {
    const { post, chain } = await startIngest()
    await post([signReport(devices[1]!, { device: 0 })])
    expect([...chain.captured]).toEqual([])
    await post([signReport(device, { sequence: 1 })])
    expect([...chain.captured]).toEqual([0])
  })
})
