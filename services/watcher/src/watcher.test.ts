import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  attest,
  attestEnd,
  availabilityEnd,
  epochStart,
  followNetwork,
  type NetworkHistory,
  sealEnd,
  signGroupCommit,
} from '@cairn/chain'
import {
  deriveTops,
  evidenceTree,
  type Hex,
  parseReport,
  type Receipt,
  recordHash,
  toHex,
} from '@cairn/protocol'
import { answerDisputes, createNetworkSession, type NetworkSession } from '@cairn/recompute'
import { createLogger, manualClock, sha256 } from '@cairn/runtime'
import { encodeReading, template } from '@cairn/sector-template'
import { forgeSettled, GENESIS, type RootTrees, treesOf, type VerifierFault } from '@cairn/settlement'
import {
  type ContractChain,
  type ContractNetwork,
  createContractNetwork,
  startContractChain,
  testMeans,
} from '@cairn/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { challengeRoot } from './challenge-root.ts'
import { createWatcher, type Watcher, type WatcherOptions } from './create-watcher.ts'

const VERIFIERS = [2, 3, 4] as const
const WATCHER = 5
const log = createLogger({ name: 'test', level: process.env.CAIRN_TEST_LOG === '1' ? 'debug' : 'silent' })
const means = testMeans(template)
let local: ContractChain
let folder: string
let salt = 0

beforeAll(async () => {
  local = await startContractChain()
  folder = await mkdtemp(join(tmpdir(), 'cairn-watcher-'))
}, 60_000)
afterAll(async () => {
  await local.chain.kill()
  await rm(folder, { recursive: true })
})

/** A network whose verifiers attest what the test says, and answer with what they have. */
interface Stage {
  readonly net: ContractNetwork
  readonly history: NetworkHistory
  readonly reports: readonly Uint8Array[]
  watcher(options?: Partial<WatcherOptions>): Watcher
  /** Two of three verifiers attest the true root of epoch 0, or a forged one. */
  attest(fault?: VerifierFault): Promise<Hex>
  /** Verifiers answer, the watcher steps, a block is mined; until it is so. */
  until(isSo: () => boolean, watcher: Pick<Watcher, 'step'>): Promise<void>
}

/** A watcher that listens, what gives it receipts, and what is left of the ingest's bond. */
async function takingReceipts({ net, history, watcher: make }: Stage) {
  const watcher = make()
  const { url } = await watcher.start()
  await watcher.step()
  return {
    watcher,
    url,
    post: (body: unknown) =>
      fetch(`${url}/v1/networks/${net.network}/receipts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    bondOf: () => history.stakes.slashableOf('ingest', local.account(net.ingest).address),
  }
}

/** Blocks all the way: a chain that stands still excuses who did not commit. */
async function paceTo(time: number): Promise<void> {
  for (let at = (await local.now()) + 5; at < time; at += 5) await local.goTo(at)
  await local.goTo(time)
}

async function stageOf(deviceCount = 5): Promise<Stage> {
  salt += 1
  const { client, deployment } = local
  const net = await createContractNetwork(local, {
    sector: template,
    devices: deviceCount,
    verifiers: VERIFIERS,
    salt,
  })
  const { network, timeline } = net
  const common = {
    client,
    deployment,
    network,
    means,
    clock: manualClock(),
    log,
    fetchBytes: net.fetchBytes,
    sources: ['http://mirror'],
  }
  const followed = followNetwork({ client, deployment, network })
  const liar: NetworkSession = createNetworkSession({
    ...common,
    account: local.account(2),
    submitter: local.submitter(2),
    dataDir: join(folder, `${salt}`, 'liar'),
  })
  const trees = new Map<Hex, RootTrees | undefined>()
  const takenMs = epochStart(timeline, 0) * 1000 + 5
  const reports = net.devices.map(({ index, report }) =>
    report(0, 0, [
      encodeReading({ cell: 7, takenMs, value: 20_000 + index }),
      encodeReading({ cell: 7, takenMs, value: 20_001 }),
    ]),
  )
  return {
    net,
    history: followed.history,
    reports,
    watcher: (options = {}) =>
      createWatcher({
        ...common,
        account: local.account(WATCHER),
        submitter: local.submitter(WATCHER),
        dataDir: join(folder, `${salt}`, 'watcher'),
        secret: new Uint8Array(32).fill(9),
        http: { host: '127.0.0.1', port: 0 },
        ...options,
      }),
    async attest(fault) {
      await net.seal(0, reports)
      await local.goTo(availabilityEnd(timeline, 0))
      await liar.sync()
      const settled = (await liar.roots.settle(GENESIS.rootId, 0))!
      const forged = fault && forgeSettled(settled, fault, GENESIS)
      const { root, rootId, tops } = forged ?? {
        root: settled.root,
        rootId: settled.rootId,
        tops: deriveTops(settled.payoutTree, settled.workTree),
      }
      trees.set(rootId, forged === undefined ? treesOf(settled) : forged.trees)
      for (const index of [2, 3])
        await local.send(index, attest(deployment, { network, root, tops, streamDigest: rootId }))
      return rootId
    },
    async until(isSo, watcher) {
      for (let round = 0; round < 60; round++) {
        await liar.sync()
        await answerDisputes(liar, async (rootId) => trees.get(rootId), liar.now)
        await watcher.step()
        await followed.sync()
        if (isSo()) return
        await local.goTo((await local.now()) + 3)
      }
      throw new Error('It did not come to that.')
    },
  }
}

const receiptsOf = async (
  net: ContractNetwork,
  epoch: number,
  reports: readonly Uint8Array[],
): Promise<Receipt[]> => {
  const records = reports.map((bytes) => {
    const { headerBytes, signature } = parseReport(bytes)
    return recordHash(headerBytes, signature, sha256)
  })
  const tree = evidenceTree(new Uint8Array(Buffer.concat(records)))
  const group = { network: net.network, epoch, first: 0, count: records.length, batchRoot: toHex(tree.root) }
  const signature = await signGroupCommit(local.account(net.ingest), local.deployment, group)
  return records.map((record, index) => ({
    group,
    signature,
    index,
    path: tree.proof(index).map(toHex),
    recordHash: toHex(record),
  }))
}

describe('watcher', () => {
  it('default: a true root is left alone and made final', async () => {
    const stage = await stageOf()
    const watcher = stage.watcher()
    const rootId = await stage.attest()
    await stage.until(() => stage.history.roots.head?.rootId === rootId, watcher)
    expect(watcher.judgementOf(rootId)).toBe('true')
    await local.goTo(stage.history.roots.head!.finalisableAt!)
    await stage.until(() => stage.history.roots.head?.state === 'final', watcher)
  })

  it.each([
    ['wrong-payout', 1],
    ['unbacked-work', 4],
    ['hidden-subtree', 2],
  ] as const)(
    'default: a root with %s is removed by a challenge of kind %i, and who attested it slashed',
    async (fault, kind) => {
      const stage = await stageOf()
      const watcher = stage.watcher()
      const rootId = await stage.attest(fault)
      await stage.until(() => stage.history.roots.get(rootId)?.state === 'removed', watcher)
      expect(stage.history.roots.get(rootId)?.removedBy).toBe(kind)
      expect(watcher.judgementOf(rootId)).toBe('false')
      const slashable = (index: number) =>
        stage.history.stakes.slashableOf('verifier', local.account(index).address)
      await stage.until(() => slashable(2) === 0n && slashable(3) === 0n, watcher)
      expect(slashable(4)).toBeGreaterThan(0n)
    },
  )

  it('behavior: a network of one device', async () => {
    const stage = await stageOf(1)
    const watcher = stage.watcher()
    const rootId = await stage.attest('unbacked-work')
    await stage.until(() => stage.history.roots.get(rootId)?.state === 'removed', watcher)
    expect(stage.history.roots.get(rootId)?.removedBy).toBe(4)
  })

  it('behavior: a new process each time goes on where the last one was', async () => {
    const stage = await stageOf()
    const rootId = await stage.attest('wrong-payout')
    const restarting: Watcher = {
      ...stage.watcher(),
      step: async () => {
        const watcher = stage.watcher()
        // The first step judges, the second one acts on it.
        await watcher.step()
        await watcher.step()
      },
    }
    await stage.until(() => stage.history.roots.get(rootId)?.state === 'removed', restarting)
    expect(stage.history.roots.get(rootId)?.removedBy).toBe(1)
  })

  it('behavior: told not to challenge, it only says what it finds', async () => {
    const stage = await stageOf()
    const watcher = stage.watcher({ challenges: false })
    const rootId = await stage.attest('wrong-payout')
    await stage.until(() => watcher.judgementOf(rootId) === 'false', watcher)
    for (let i = 0; i < 3; i++) {
      await watcher.step()
      await local.goTo((await local.now()) + 3)
    }
    expect(stage.history.roots.get(rootId)?.state).toBe('challengeable')
  })

  it('default: one root is challenged without a watcher, by who asks for it', async () => {
    const stage = await stageOf()
    const rootId = await stage.attest('wrong-payout')
    const { client, deployment } = local
    const options = {
      client,
      deployment,
      network: stage.net.network,
      account: local.account(WATCHER),
      submitter: local.submitter(WATCHER),
      means,
      dataDir: join(folder, `${salt}`, 'person'),
      secret: new Uint8Array(32).fill(9),
      // Its next look at the chain is when the others have moved.
      clock: { now: () => 0, sleep: () => new Promise<void>((resolve) => moved.push(resolve)) },
      log,
      fetchBytes: stage.net.fetchBytes,
      sources: ['http://mirror'],
    }
    const moved: (() => void)[] = []
    expect(await challengeRoot(rootId, { ...options, onlyLook: true })).toMatchObject({ outcome: 'false' })
    await expect(challengeRoot(`0x${'77'.repeat(32)}`, options)).rejects.toMatchObject({
      code: 'unknown_root',
    })

    let outcome: string | undefined
    const done = challengeRoot(rootId, options).then((challenged) => {
      outcome = challenged.outcome
      expect(challenged.entry.removedBy).toBe(1)
    })
    await Promise.all([
      done,
      stage.until(() => outcome !== undefined, {
        async step() {
          while (moved.length === 0 && outcome === undefined) await new Promise(setImmediate)
          for (const look of moved.splice(0)) look()
        },
      }),
    ])
    expect(outcome).toBe('removed')
    await stage.until(() => true, { step: async () => undefined })
    expect(stage.history.stakes.slashableOf('verifier', local.account(2).address)).toBe(0n)
  })

  it('default: an ingest that left a report out loses its bond', async () => {
    const stage = await stageOf()
    const { net } = stage
    const { watcher, post, bondOf } = await takingReceipts(stage)
    const receipts = await receiptsOf(net, 0, stage.reports)
    const spoiled = { ...receipts[1]!, signature: `0x${'11'.repeat(65)}` }
    const answer = await (await post({ receipts: [...receipts, spoiled, 7] })).json()
    expect(answer).toMatchObject({ taken: 5, refused: [{ at: 5 }, { at: 6, code: 'malformed_receipt' }] })
    expect((await post({ receipts: 7 })).status).toBe(400)
    // Another report stands where the last one was promised a place.
    const other = net.devices[0]!.report(0, 1, [new Uint8Array(3)])
    await net.seal(0, [...stage.reports.slice(0, 4), other])
    await stage.until(() => bondOf() > 0n, watcher)
    await local.goTo(sealEnd(net.timeline, 0))
    await stage.until(() => bondOf() === 0n, watcher)
    await watcher.stop()
  })

  it('default: an ingest that commits nothing loses its bond when it can not even commit late any more, and not before', async () => {
    const stage = await stageOf()
    const { net } = stage
    const { watcher, post, bondOf } = await takingReceipts(stage)
    await post({ receipts: await receiptsOf(net, 0, stage.reports) })
    await stage.until(() => bondOf() > 0n, watcher)
    await paceTo(attestEnd(net.timeline, 0) - 40)
    let rounds = 0
    await stage.until(() => ++rounds > 4, watcher)
    expect(bondOf()).toBeGreaterThan(0n)
    await paceTo(attestEnd(net.timeline, 0))
    await stage.until(() => bondOf() === 0n, watcher)
    await watcher.stop()
  })

  it('behavior: an ingest that keeps its promises is left alone', async () => {
    const stage = await stageOf()
    const { net } = stage
    const { watcher, url, post, bondOf } = await takingReceipts(stage)
    await post({ receipts: await receiptsOf(net, 0, stage.reports) })
    await net.seal(0, stage.reports)
    await local.goTo(sealEnd(net.timeline, 0))
    let rounds = 0
    await stage.until(() => ++rounds > 4, watcher)
    expect(bondOf()).toBeGreaterThan(0n)
    expect(await (await fetch(`${url}/metrics`)).text()).toContain(
      'cairn_watcher_receipts{program="watcher"} 5',
    )
    await watcher.stop()
  })

  it('default: an ingest that signs two truths loses its bond, after a restart of the watcher, too', async () => {
    const stage = await stageOf()
    const { net, history } = stage
    const { watcher, post, bondOf } = await takingReceipts(stage)
    const receipts = [
      (await receiptsOf(net, 0, stage.reports))[0]!,
      (await receiptsOf(net, 0, stage.reports.slice(1)))[0]!,
    ]
    await post({ receipts })
    await watcher.stop()
    const again = stage.watcher()
    await stage.until(() => history.creation !== undefined && bondOf() === 0n, again)
  })
})
