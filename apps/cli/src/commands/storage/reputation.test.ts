import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  addPieces,
  type Call,
  captureChallenges,
  createDataSet,
  createSubmitter,
  provePossession,
} from '@cairn/chain'
import { toHex } from '@cairn/protocol'
import { systemClock } from '@cairn/runtime'
import { standardTools } from '@cairn/sector-standard'
import { type CairnProcess, runCairn, startCairn } from '@cairn/testing'
import { getBlock } from 'viem/actions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localAccount } from '../../local/local-accounts.ts'
import { openNetwork } from '../../open-network.ts'
import type { Reputation } from './storage-tools.ts'

const { recordHash, serializeRecord } = (await standardTools.storage()).reputation

const terms = { periodEpochs: 4, windowEpochs: 2, challenges: 2 }
const owner = localAccount('operator')
const payer = localAccount('customer')
let home: string
let chain: CairnProcess
let open: Awaited<ReturnType<typeof openNetwork>>

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'cairn-reputation-'))
  chain = await startCairn({ home, name: 'chain', args: ['chain', 'run', '--free-ports', '--gateways', '1'] })
  open = await openNetwork({ home, networkName: 'local' })
}, 90_000)
afterAll(async () => {
  await chain.stop()
  await rm(home, { recursive: true, force: true })
}, 30_000)

const send = (call: Call) =>
  createSubmitter({ client: open.client, account: owner, clock: systemClock(), pollMs: 100 }).submit(call)
const rpc = (method: string, ...params: unknown[]) => open.client.request({ method, params } as never)
const periodSeconds = () => terms.periodEpochs * open.followed.history.timeline.epochSeconds
/** To a little after the begin of the next period, or of its window. */
const goToNext = async (what: 'period' | 'window') => {
  const { genesis, epochSeconds } = open.followed.history.timeline
  const { timestamp } = await getBlock(open.client)
  const offset = what === 'period' ? 0 : (terms.periodEpochs - terms.windowEpochs) * epochSeconds
  const since = Number(timestamp) - Number(genesis) - offset
  const next = Number(genesis) + offset + (Math.floor(since / periodSeconds()) + 1) * periodSeconds()
  await rpc('evm_setNextBlockTimestamp', next + 1)
  await rpc('evm_mine')
}
const show = (...more: string[]) =>
  runCairn<Reputation & { readonly sets: readonly unknown[] }>({
    home,
    args: ['storage', 'reputation', '0', ...more],
  })

test('default: one proven period and two missed ones, as the contract has them', async () => {
  const { deployment, file } = open
  // A piece of one leaf is its own root, and has an empty path.
  const leaf = toHex(new Uint8Array(32).fill(7))
  await goToNext('period')
  await send(createDataSet(deployment, { network: file.network, device: 0, terms }))
  await send(addPieces(deployment, { set: 0n, pieces: [{ root: leaf, leaves: 1n }] }))
  await goToNext('window')
  await send(provePossession(deployment, { set: 0n, proofs: [0, 1].map(() => ({ leaf, path: [] })) }))
  for (let missed = 0; missed < 2; missed++) {
    await goToNext('window')
    await send(captureChallenges(deployment, { network: file.network, ...terms }))
  }
  await goToNext('period')
  const { exitCode, value } = await show()
  expect(exitCode).toBe(0)
  expect(value.sets).toEqual([{ set: 0, proven: 1, missed: 2, faultsOnChain: 2 }])
  expect(value.changes.map(({ record }) => record.outcome)).toEqual(['proven', 'missed', 'missed'])
  expect(value).toMatchObject({ scores: { integrity: 1_000_000, retrieval: 1_000_000 } })
  expect(value.scores.possession).toBeLessThan(900_000)
}, 60_000)

test('behavior: the odds of a data set are told with its own terms', async () => {
  const args = ['storage', 'odds', '--missing', '50%', '--set', '0']
  const { exitCode, value } = await runCairn<Record<string, unknown>>({ home, args })
  expect(exitCode).toBe(0)
  // Half of one leaf is a leaf that can not be shown.
  expect(value).toMatchObject({ set: 0, total: 1, missing: 1, challenges: 2, periodSeconds: periodSeconds() })
}, 60_000)

test("behavior: gateways' records count as far as their signer's voice, and show in the head", async () => {
  const before = (await show()).value.head
  const file = join(home, 'records.json')
  const record: Parameters<typeof serializeRecord>[0] = {
    kind: 'retrieval',
    outcome: 'refused',
    payer: payer.address.toLowerCase() as `0x${string}`,
    at: Number((await getBlock(open.client)).timestamp),
    subject: toHex(new Uint8Array(32)),
    amount: 1n,
  }
  const hash = recordHash({ network: open.file.network, device: 0 }, record)
  const signature = await payer.signMessage({ message: { raw: hash } })
  const signed = (bytes: Uint8Array) => `${toHex(bytes)}${signature.slice(2)}`
  await writeFile(file, JSON.stringify({ records: [signed(serializeRecord(record))] }))
  const { value } = await show('--records', file)
  expect(value.head).not.toBe(before)
  expect(value.changes.at(-1)).toMatchObject({ effect: 'counted', record: { outcome: 'refused' } })
  // Nothing of this payer is under proof here.
  expect(value.scores.retrieval).toBe(1_000_000)
  await writeFile(
    file,
    JSON.stringify({ records: [signed(serializeRecord({ ...record, outcome: 'served' }))] }),
  )
  expect(JSON.parse((await show('--records', file)).stderr).error).toMatchObject({ code: 'wrong_signer' })
  await writeFile(file, '{}')
  expect(JSON.parse((await show('--records', file)).stderr).error).toMatchObject({
    code: 'malformed_records',
  })
  expect(JSON.parse((await show('--records', join(home, 'none'))).stderr).error).toMatchObject({
    code: 'unreadable_records',
  })
}, 60_000)
