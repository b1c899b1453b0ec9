import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  addPieces,
  approve,
  createDataSet,
  depositBond,
  epochStart,
  readBondOf,
  readDataSet,
  readIsCaptured,
  setBondTerms,
} from '@cairn/chain'
import { createNetworkSession } from '@cairn/recompute'
import { createLogger, manualClock } from '@cairn/runtime'
import { template } from '@cairn/sector-template'
import { type ContractChain, createContractNetwork, startContractChain, testMeans } from '@cairn/testing'
import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPossessionWatch } from './possession-watch.ts'

const [owner, watcher] = [0, 5] as const
const terms = { periodEpochs: 4, windowEpochs: 2, challenges: 3 }
let local: ContractChain
let folder: string

beforeAll(async () => {
  local = await startContractChain()
  folder = await mkdtemp(join(tmpdir(), 'cairn-possession-watch-'))
}, 60_000)
afterAll(async () => {
  local.chain.kill()
  await rm(folder, { recursive: true })
})

test('default: a beacon that nobody took is taken where a proof is owed, and a missed one costs the bond', async () => {
  const { client, deployment } = local
  const net = await createContractNetwork(local, { sector: template, devices: 1, verifiers: [2], salt: 9 })
  const { network, timeline, token } = net
  const send = (...args: Parameters<typeof local.send>) => local.send(...args)
  const ladder = { scores: [1, 4, 8, 16], bps: [1_000, 2_000, 5_000, 10_000] } as const
  await send(
    owner,
    setBondTerms(deployment, { network, terms: { faultProgram: 2, forgiveEpochs: 24, ...ladder } }),
  )
  const amount = parseEther('10')
  await send(owner, approve({ token, spender: deployment.addresses.operatorBonds, amount }))
  await send(owner, createDataSet(deployment, { network, device: 0, terms }))
  const session = createNetworkSession({
    ...{ client, deployment, network },
    account: local.account(watcher),
    submitter: local.submitter(watcher),
    clock: manualClock(),
    log: createLogger({ name: 'test', level: 'silent' }),
    means: testMeans(template),
    dataDir: folder,
    sources: [],
  })
  const watch = createPossessionWatch(session)
  const step = async () => watch.step((await session.sync()).now)
  const goToWindow = (period: number) =>
    local.goTo(epochStart(timeline, (period + 1) * terms.periodEpochs - terms.windowEpochs))
  const isCaptured = (period: number) => readIsCaptured(local, { network, ...terms, period })

  // An empty set owes nothing, and nobody pays gas for it.
  await goToWindow(1)
  await step()
  expect(await isCaptured(1)).toBe(false)
  const root = `0x${'11'.repeat(31)}01` as const
  await send(owner, addPieces(deployment, { set: 0n, pieces: [{ root, leaves: 2n }] }))
  await goToWindow(2)
  // Without a bond there is nothing to win: whoever relies on the set may take the beacon.
  await step()
  expect(await isCaptured(2)).toBe(false)
  await send(owner, depositBond(deployment, { network, index: 0, amount }))
  const second = createPossessionWatch(session)
  const stepAgain = async () => second.step((await session.sync()).now)
  await stepAgain()
  expect(await isCaptured(2)).toBe(true)
  expect((await readBondOf(local, { network, index: 0 })).amount).toBe(amount)

  await local.goTo(epochStart(timeline, 3 * terms.periodEpochs))
  await stepAgain()
  expect(await readDataSet(local, { set: 0n })).toMatchObject({ faults: 1 })
  expect((await readBondOf(local, { network, index: 0 })).amount).toBe(parseEther('9'))
  // A watcher that starts again finds that it was done.
  const again = createPossessionWatch(session)
  await again.step((await session.sync()).now)
  expect((await readBondOf(local, { network, index: 0 })).amount).toBe(parseEther('9'))
  session.close()
})
