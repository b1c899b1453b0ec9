import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createSubmitter,
  type FollowedNetwork,
  followNetwork,
  localAccount,
  readDeviceOwner,
  transferDevice,
} from '@cairn/chain'
import { parseReceipt, parseReport, type Receipt, recordHash, toHex } from '@cairn/protocol'
import { fetchEvidence, httpFetch } from '@cairn/recompute'
import { fileObjectStore, freePort, sha256, systemClock } from '@cairn/runtime'
import {
  type CairnProcess,
  type ProcessNetwork,
  runCairn,
  startCairn,
  startProcessNetwork,
} from '@cairn/testing'
import { type Client, createClient, http } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { badReports } from './bad-reports.ts'
import { type Gateway, openGateways } from './gateway.ts'
import { joinReports, postBody, postReports, postWithFailover } from './post-reports.ts'

const operator = localAccount(6)
const customer = localAccount(7)

let home: string
let net: ProcessNetwork
let client: Client
let followed: FollowedNetwork
let second: CairnProcess
let urls: readonly [string, string]
let gateways: Gateway[]
/** Every receipt, by the report it is for. */
const receipts = new Map<string, Receipt[]>()

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'cairn-bad-input-'))
  net = await startProcessNetwork({ home, chain: ['--gateways', '6'] })
  client = createClient({ transport: http(net.rpcUrl) })
  followed = followNetwork({ client, deployment: net.deployment, network: net.network })
  await followed.sync()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  urls = [net.urlOf('ingest'), url]
  await cairn('stake', 'deposit', 'ingest', '1000', '--url', url, '--account', 'ingest-2')
  const args = [
    'ingest',
    'run',
    '--account',
    'ingest-2',
    '--port',
    `${port}`,
    '--data',
    join(home, 'ingest-2'),
  ]
  second = await startCairn({ home, name: 'ingest-2', args })
  const { genesis, epochSeconds } = followed.history.timeline
  gateways = await openGateways({
    home,
    network: net.network,
    genesisMs: Number(genesis) * 1000,
    epochMs: epochSeconds * 1000,
  })
}, 120_000)

afterAll(async () => {
  await second?.stop()
  await net?.stop()
  await rm(home, { recursive: true, force: true })
}, 60_000)

describe('behavior: bad input from anybody costs the honest nothing', { timeout: 240_000 }, () => {
  test('error: every kind is refused by its code, with what to do, and the good ones among them are taken', async () => {
    const epoch = await openEpoch()
    const bad = badReports(gateways[0]!, { epoch, nowMs: Date.now() })
    const good = gateways.map((gateway) => gateway.report(epoch).bytes)
    const mixed = [...bad.map(({ bytes }) => bytes), ...good].sort((a, b) => a.at(-1)! - b.at(-1)!)
    const answers = await postReports(first(), mixed)
    for (const [at, bytes] of mixed.entries()) {
      const expected = bad.find((report) => report.bytes === bytes)?.code
      const { status, code, message, fix } = answers[at]!
      expect({ status, code }).toEqual(
        expected === undefined
          ? { status: 'accepted', code: undefined }
          : { status: 'rejected', code: expected },
      )
      if (expected !== undefined) expect([message, fix].every((text) => (text ?? '').length > 20)).toBe(true)
    }
    keep(answers)
    const wrongEpoch = answers.find(({ code }) => code === 'wrong_epoch')!
    expect(wrongEpoch.message).toContain(`the epoch open now is ${epoch}`)
  })

  test('error: a body that is no list of reports, is too large, or of another type is refused as a whole', async () => {
    const epoch = await openEpoch()
    const one = gateways[1]!.report(epoch).bytes
    const cut = joinReports([one]).subarray(0, 50)
    expect((await postBody(first(), new Uint8Array(cut))).status).toBe(400)
    expect((await postBody(first(), joinReports([one]), 'application/json')).status).toBe(415)
    const tooLarge = await postBody(first(), new Uint8Array((4 << 20) + 1)).catch(() => ({ status: 413 }))
    expect(tooLarge.status).toBe(413)
    const elsewhere = { url: urls[0], network: `0x${'ee'.repeat(28)}` as typeof net.network }
    expect((await postBody(elsewhere, joinReports([one]))).status).toBe(404)
  })

  test('behavior: sequences come in any order; a repeated report gets its receipt again, another one of its sequence none', async () => {
    const epoch = await openEpoch()
    const gateway = gateways[1]!
    const unordered = [90, 30, 60].map((sequence) => gateway.report(epoch, { sequence }).bytes)
    const answers = await postReports(first(), unordered)
    expect(answers.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted'])
    keep(answers)
    expect(await postReports(first(), unordered)).toEqual(answers)
    const [twice] = await postReports(first(), [gateway.report(epoch, { sequence: 30 }).bytes])
    expect(twice).toMatchObject({ status: 'rejected', code: 'duplicate_sequence' })
  })

  test('behavior: a rotated key acts until its epoch ends and the new one from then on; a revoked device until then, a transferred one on', async () => {
    const [, , rotated, revoked, transferred] = gateways as [Gateway, Gateway, Gateway, Gateway, Gateway]
    const epoch = await openEpoch(6_000)
    const submitter = createSubmitter({ client, account: operator, clock: systemClock(), pollMs: 100 })
    await cairn('device', 'rotate', `${rotated.index}`, 'rotated')
    await cairn('device', 'revoke', `${revoked.index}`)
    const { index } = transferred
    const move = { network: net.network, index, from: operator.address, to: customer.address, claimed: 0n }
    await submitter.submit(transferDevice(net.deployment, move))
    expect(
      await readDeviceOwner({ client, deployment: net.deployment }, { network: net.network, index }),
    ).toBe(customer.address)
    await followed.sync()
    const renewed = await rotated.useKey('rotated')
    // The transactions may have taken until the next epoch; what they changed counts from the one after.
    const changedIn = await epochOfChange(epoch, revoked.index)
    const before = await openEpoch(0, changedIn - 1)
    if (before === changedIn - 1) {
      const now = await postReports(first(), [
        rotated.report(before).bytes,
        revoked.report(before).bytes,
        transferred.report(before).bytes,
      ])
      expect(now.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted'])
      keep(now)
    }
    const after = await openEpoch(0, changedIn + 1)
    const [late, fresh, gone, moved] = await postReports(first(), [
      rotated.report(after).bytes,
      renewed.report(after).bytes,
      revoked.report(after).bytes,
      transferred.report(after).bytes,
    ])
    expect(late).toMatchObject({ status: 'rejected', code: 'bad_signature' })
    expect(gone).toMatchObject({ status: 'rejected', code: 'revoked_device' })
    expect([fresh!.status, moved!.status]).toEqual(['accepted', 'accepted'])
    keep([fresh!, moved!])
  })

  test('behavior: when one ingest is gone the other takes reports, also those that the first one acknowledged', async () => {
    const epoch = await openEpoch(6_000)
    const gateway = gateways[5]!
    const reports = [gateway.report(epoch).bytes, gateway.report(epoch).bytes]
    const before = await postWithFailover(urls, net.network, reports)
    expect(before.url).toBe(urls[0])
    keep(before.answers)
    await net.kill('ingest')
    const during = await postWithFailover(urls, net.network, [...reports, gateway.report(epoch).bytes])
    expect(during.url).toBe(urls[1])
    expect(during.answers.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted'])
    keep(during.answers)
    await net.restart('ingest')
    expect(await postReports(first(), reports)).toMatchObject(
      before.answers.map(({ receipt }) => {
        const { group, index, recordHash } = parseReceipt(receipt)
        return { status: 'accepted', receipt: { index, recordHash, group: { epoch: group.epoch } } }
      }),
    )
  })

  test('behavior: what was committed is what was acknowledged, nothing more and nothing less, and the honest are paid', async () => {
    const given = [...receipts.values()].flat()
    const last = Math.max(...given.map(({ group }) => group.epoch))
    await untilFinal(last)
    const committed: string[] = []
    for (const { recordHash: hash, index, slot } of await recordsOnChain())
      committed.push(`${slot}/${index}/${hash}`)
    expect(committed.sort()).toEqual(given.map(placeOf).sort())
    const { value } = await cairn<{ devices: { device: number; cumulative: string; owner: string }[] }>(
      'rewards',
      'show',
    )
    for (const { device, cumulative } of value.devices)
      expect(BigInt(cumulative), `device ${device} was honest`).toBeGreaterThan(0n)
    expect(value.devices[4]!.owner.toLowerCase()).toBe(customer.address.toLowerCase())
    const audit = await cairn<{ same: boolean }>('audit')
    expect(audit.value.same).toBe(true)
  })
})

const first = () => ({ url: urls[0], network: net.network })

async function cairn<T = unknown>(...args: string[]) {
  const result = await runCairn<T>({ home, args })
  expect(result.exitCode, result.stderr).toBe(0)
  return result
}

/** Keeps what the ingests promised, each promise once. */
function keep(answers: readonly { receipt?: unknown }[]): void {
  for (const { receipt } of answers) {
    if (receipt === undefined) continue
    const parsed = parseReceipt(receipt)
    receipts.set(parsed.recordHash, [...(receipts.get(parsed.recordHash) ?? []), parsed])
  }
}

/** The epoch open now, or the first from `least` on; with at least `leftMs` of it left. */
async function openEpoch(leftMs = 3_000, least = 0): Promise<number> {
  for (;;) {
    const response = await fetch(`${urls[0]}/v1/networks/${net.network}/clock`)
    const { epoch, endMs, nowMs } = (await response.json()) as { epoch: number; endMs: number; nowMs: number }
    if (epoch >= least && endMs - nowMs >= leftMs) return epoch
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** The first epoch in which the device is revoked. */
async function epochOfChange(from: number, device: number): Promise<number> {
  for (let epoch = from; ; epoch++) {
    if (followed.history.snapshotAt(epoch).device(device)?.revoked === true) return epoch
    if (epoch > from + 5) throw new Error('The device is not revoked.')
  }
}

async function untilFinal(epoch: number): Promise<void> {
  for (;;) {
    await followed.sync()
    const { roots, slots } = followed.history
    const final = roots.standing.findLast(({ state }) => state === 'final')
    const waiting = slots.list.filter(
      (slot) => slot.epoch <= epoch && slot.slot >= (final?.root.evidenceEnd ?? 0),
    )
    const isCommitted = slots.list.some((slot) => slot.epoch === epoch)
    if (final !== undefined && isCommitted && waiting.length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

const placeOf = ({ group, index, recordHash }: Receipt) => {
  const { list } = followed.history.slots
  const ofEpoch = list.filter(({ epoch }) => epoch === group.epoch)
  // Both ingests may have committed in one epoch: the one whose commitment has the batch's place under its own index is told by the record.
  const slot = ofEpoch.find((slot) => records.get(`${slot.slot}/${index}`) === recordHash)
  return `${slot?.slot ?? 'nowhere'}/${index}/${recordHash}`
}

const records = new Map<string, string>()

async function recordsOnChain() {
  const found: { slot: number; index: number; recordHash: string }[] = []
  for (const slot of followed.history.slots.list) {
    const reports = await fetchEvidence(slot, {
      network: net.network,
      urls,
      fetchBytes: httpFetch(),
      segments: fileObjectStore(join(home, 'test', 'segments')),
      manifests: fileObjectStore(join(home, 'test', 'manifests')),
      sha256,
    })
    for (const [index, bytes] of reports.entries()) {
      const { headerBytes, signature } = parseReport(bytes)
      const hash = toHex(recordHash(headerBytes, signature, sha256))
      records.set(`${slot.slot}/${index}`, hash)
      found.push({ slot: slot.slot, index, recordHash: hash })
    }
  }
  return found
}
