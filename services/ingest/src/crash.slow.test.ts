import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  buildReport,
  groupCommitDigest,
  parseReceipt,
  type Receipt,
  receiptHolds,
  toHex,
} from '@cairn/protocol'
import { recoverAddress } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { expect, onTestFinished, test } from 'vitest'
import { fakeChain, joinBatch, makeDevices, network, signingKey, temporaryFolder } from './fixtures.ts'
import { recoverLog } from './log/epoch-log.ts'
import { logPath } from './seal/manifest.ts'

const rounds = Number(process.env.CAIRN_CRASH_ROUNDS ?? 20)
const seed = Number(process.env.CAIRN_CRASH_SEED ?? 20_261_123)
const senders = 6
const bodyReports = 8
const devices = makeDevices(senders)
const genesisMs = Date.now() - 3_600_000

/** A small generator with a seed (mulberry32), from 0 to below 1. */
function seeded(state: number): () => number {
  let at = state
  return () => {
    at = (at + 0x6d2b_79f5) | 0
    let mixed = Math.imul(at ^ (at >>> 15), 1 | at)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

async function startChild(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const keys = devices.map(({ key }) => ({ x: toHex(key.x), y: toHex(key.y) }))
  const child = fork(fileURLToPath(new URL('./crash-child.fixture.ts', import.meta.url)), {
    env: { ...process.env, CAIRN_CRASH_CHILD: JSON.stringify({ dataDir, keys, genesisMs }) },
    execArgv: [],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { port: number }).port))
    child.once('exit', (code) => reject(new Error(`The ingest ended with ${code} before it was ready.`)))
  })
  return { child, url: `http://127.0.0.1:${port}/v1/networks/${network}/reports` }
}

/** The receipts for a body; undefined when the connection broke. */
async function post(url: string, body: Uint8Array<ArrayBuffer>): Promise<Receipt[] | undefined> {
  let answers: { results: { receipt?: unknown }[] }
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.cairn.reports' },
      body,
    })
    answers = (await response.json()) as typeof answers
  } catch {
    return undefined
  }
  return answers.results.map(({ receipt }) => parseReceipt(receipt))
}

test(`behavior: killed ${rounds} times under load, it loses no acknowledged report and never signs two groups that conflict`, {
  timeout: 60_000 + rounds * 15_000,
}, async () => {
  const random = seeded(seed)
  const dataDir = await temporaryFolder(onTestFinished)
  const acked = new Map<number, Receipt>()
  const answered: { body: Uint8Array<ArrayBuffer>; receipts: Receipt[] }[] = []
  const sequences = new Array<number>(senders).fill(0)
  const inFlightAtKill: number[] = []

  /** Bodies of a sender in the order it sends them; what was not answered is sent again after the restart. */
  const unanswered: (Uint8Array<ArrayBuffer> | undefined)[] = new Array(senders).fill(undefined)
  const nextBody = (device: number): Uint8Array<ArrayBuffer> => {
    const reports = Array.from({ length: bodyReports }, () => {
      const sequence = sequences[device]!++
      const fields = { network, device, epoch: 0, sequence, timeMs: genesisMs + 1_000 }
      return buildReport(fields, [Uint8Array.of(sequence)], devices[device]!.sign).bytes
    })
    return joinBatch(reports)
  }

  for (let round = 0; round < rounds; round++) {
    const { child, url } = await startChild(dataDir)
    const exited = new Promise((resolve) => child.once('exit', resolve))
    const earlier = answered[Math.floor(random() * answered.length)]
    if (earlier !== undefined) expect(await post(url, earlier.body)).toEqual(earlier.receipts)

    const killAfter = Math.floor(random() * 24)
    const jitterMs = random() * 6
    let answers = 0
    let inFlight = 0
    let isKilled = false
    const kill = () => {
      if (isKilled) return
      isKilled = true
      setTimeout(() => {
        inFlightAtKill.push(inFlight)
        child.kill('SIGKILL')
      }, jitterMs)
    }
    const send = async (device: number) => {
      for (;;) {
        const body = unanswered[device] ?? nextBody(device)
        unanswered[device] = body
        inFlight++
        const receipts = await post(url, body)
        inFlight--
        if (receipts === undefined) return
        unanswered[device] = undefined
        answered.push({ body, receipts })
        for (const receipt of receipts) acked.set(receipt.index, receipt)
        if (++answers >= killAfter) kill()
      }
    }
    await Promise.all(Array.from({ length: senders }, (_, device) => send(device)))
    await exited

    const { index } = await recoverLog(logPath(join(dataDir, network), 0), 0)
    for (const [at, receipt] of acked) {
      expect(at, `report ${receipt.recordHash} (seed ${seed}, round ${round})`).toBeLessThan(index.durable)
      expect(toHex(index.hashes(at, 1))).toBe(receipt.recordHash)
      expect(index.groupOf(at)).toEqual({ first: receipt.group.first, count: receipt.group.count })
    }
  }

  await expectNoConflict(answered.flatMap(({ receipts }) => receipts))
  const hit = inFlightAtKill.filter((count) => count > 0).length
  console.info(
    `crash: seed ${seed}, ${rounds} rounds, ${acked.size} reports acknowledged, in flight when killed: ${inFlightAtKill.join(' ')}`,
  )
  expect(inFlightAtKill).toHaveLength(rounds)
  expect(hit / rounds).toBeGreaterThanOrEqual(0.8)
})

/** All receipts hold, are signed by the ingest, and no two groups overlap unless they are the same, signature included. */
async function expectNoConflict(receipts: readonly Receipt[]): Promise<void> {
  const { domain } = fakeChain(devices)
  const account = privateKeyToAddress(toHex(signingKey))
  const groups = new Map<string, Receipt>()
  for (const receipt of receipts) {
    expect(receiptHolds(receipt)).toBe(true)
    groups.set(JSON.stringify([receipt.group, receipt.signature]), receipt)
  }
  let end = 0
  for (const { group, signature } of [...groups.values()].sort((a, b) => a.group.first - b.group.first)) {
    expect(group.first, 'a group overlaps the one before').toBeGreaterThanOrEqual(end)
    end = group.first + group.count
    const hash = toHex(groupCommitDigest(domain, group))
    expect(await recoverAddress({ hash, signature })).toBe(account)
  }
}
