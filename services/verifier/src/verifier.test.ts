import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  approve,
  attestEnd,
  availabilityEnd,
  commitChallenge,
  createDrandBeacon,
  epochStart,
  evmnet,
  type FollowedNetwork,
  followDisputes,
  followNetwork,
  openHidden,
  openHiddenVerdict,
  openUnbacked,
  pick,
  readBalanceOf,
  readBeaconOf,
  sealEnd,
} from '@cairn/chain'
import { createNetworkSession } from '@cairn/recompute'
import { createLogger, manualClock } from '@cairn/runtime'
import { encodeReading, template } from '@cairn/sector-template'
import { decodeVerdictEntry, decodeWorkLeaf, GENESIS, type Settled, treesOf } from '@cairn/settlement'
import {
  type ContractChain,
  type ContractNetwork,
  type ContractNetworkOptions,
  createContractNetwork,
  startContractChain,
  testMeans,
} from '@cairn/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createVerifier, type Verifier, type VerifierOptions } from './create-verifier.ts'
import { verifierOptions } from './test-verifier.fixture.ts'

const VERIFIERS = [2, 3, 4] as const
const log = createLogger({ name: 'test', level: process.env.CAIRN_TEST_LOG === '1' ? 'debug' : 'silent' })
const means = testMeans(template)
let local: ContractChain
let folder: string
let salt = 0

beforeAll(async () => {
  local = await startContractChain()
  folder = await mkdtemp(join(tmpdir(), 'cairn-verifier-'))
}, 60_000)
afterAll(async () => {
  await local.chain.kill()
  await rm(folder, { recursive: true })
})

interface Stage {
  readonly net: ContractNetwork
  readonly followed: FollowedNetwork
  readonly verifiers: readonly Verifier[]
  verifier(index: number, options?: Partial<VerifierOptions>): Verifier
  /** Every verifier does what there is to do. */
  step(): Promise<void>
  readings(epoch: number, device: number): Uint8Array[]
}

async function stageOf(
  options: Partial<VerifierOptions> = {},
  more: Partial<ContractNetworkOptions> = {},
): Promise<Stage> {
  salt += 1
  const net = await createContractNetwork(local, {
    sector: template,
    devices: 5,
    verifiers: VERIFIERS,
    salt,
    ...more,
  })
  const { client, deployment } = local
  const followed = followNetwork({ client, deployment, network: net.network })
  const verifier = (index: number, more: Partial<VerifierOptions> = {}) =>
    createVerifier({
      ...verifierOptions(local, net, { index, folder: join(folder, `${salt}`) }),
      ...options,
      ...more,
    })
  const verifiers = VERIFIERS.map((index) => verifier(index))
  return {
    net,
    followed,
    verifiers,
    verifier,
    async step() {
      for (const each of verifiers) await each.step()
      await followed.sync()
    },
    readings: (epoch, device) => {
      const takenMs = epochStart(net.timeline, epoch) * 1000 + 5
      return [encodeReading({ cell: 7, takenMs, value: 20_000 + device })]
    },
  }
}

/** The true root of epoch 0, settled by somebody who reads the chain. */
async function settledOf({ net }: Stage): Promise<Settled> {
  const session = createNetworkSession({
    client: local.client,
    deployment: local.deployment,
    network: net.network,
    account: local.account(6),
    means,
    dataDir: join(folder, `${salt}`, 'reader'),
    clock: manualClock(),
    log,
    fetchBytes: net.fetchBytes,
    sources: ['http://mirror'],
  })
  await session.sync()
  return (await session.roots.settle(GENESIS.rootId, 0))!
}

const reportsOf = ({ net, readings }: Stage, epoch: number) =>
  net.devices.map((device) => device.report(epoch, 0, readings(epoch, device.index)))

describe('verifier', () => {
  it('default: three verifiers attest an epoch, make it final and are paid', async () => {
    const stage = await stageOf()
    const { net, followed } = stage
    await net.seal(0, reportsOf(stage, 0))
    await local.goTo(sealEnd(net.timeline, 0))
    await stage.step()
    expect(followed.history.roots.all).toEqual([])

    await local.goTo(availabilityEnd(net.timeline, 0))
    await stage.step()
    const root = followed.history.roots.head!
    expect(root).toMatchObject({ state: 'challengeable', root: { first: 0, last: 0, deviceCount: 5 } })
    expect(root.attestations).toHaveLength(3)
    expect(root.root.payoutSum).toBe(9n * 10n ** 18n)

    await local.goTo(root.finalisableAt!)
    await stage.step()
    await stage.step()
    expect(followed.history.roots.head!.state).toBe('final')
    for (const index of VERIFIERS) {
      const account = local.account(index).address
      const balance = await readBalanceOf(local, { token: net.token, account })
      expect(balance - 991n * 10n ** 18n).toBe(10n ** 18n / 3n)
    }
  })

  it('behavior: with a drand beacon, evidence waits for its round and is settled when it is published', async () => {
    const vectors = new URL('../../../specs/vectors/drand.json', import.meta.url)
    const [published] = JSON.parse(readFileSync(vectors, 'utf8')).rounds
    const round = BigInt(published.round)
    const asked: string[] = []
    let isPublished = false
    const stage: Stage = await stageOf(
      {
        fetchBytes: async (url, maxBytes) => {
          if (!url.includes('/public/')) return stage.net.fetchBytes(url, maxBytes)
          asked.push(url)
          if (!isPublished) throw new Error('too early')
          const body = { round: Number(round), signature: published.signature.slice(2) }
          return new TextEncoder().encode(JSON.stringify(body))
        },
      },
      {
        // A chain with evmnet's key whose rounds are later, so that epoch 0 begins with one that is known.
        beacon: ({ genesis }) =>
          createDrandBeacon(local.submitter(0), {
            ...evmnet,
            genesis: genesis - (round - 1n) * evmnet.period,
          }),
      },
    )
    const { net, followed } = stage
    await net.seal(0, reportsOf(stage, 0))
    await local.goTo(availabilityEnd(net.timeline, 0))
    await stage.step()
    expect(asked[0]).toBe(`https://api.drand.sh/${evmnet.chainHash.slice(2)}/public/${round}`)
    expect(await readBeaconOf(local, { network: net.network, epoch: 0 })).toBeUndefined()
    expect(followed.history.roots.all).toEqual([])

    isPublished = true
    await stage.step()
    expect(await readBeaconOf(local, { network: net.network, epoch: 0 })).toBeDefined()
    await stage.step()
    expect(followed.history.roots.head).toMatchObject({ state: 'challengeable', root: { first: 0, last: 0 } })
    const before = asked.length
    await stage.step()
    expect(asked).toHaveLength(before)
  })

  it('behavior: idle epochs need no root, and the next one with evidence covers them', async () => {
    const stage = await stageOf()
    const { net, followed } = stage
    await local.goTo(availabilityEnd(net.timeline, 0))
    await stage.step()
    expect(followed.history.roots.all).toEqual([])
    await net.seal(2, reportsOf(stage, 2))
    await local.goTo(availabilityEnd(net.timeline, 2))
    await stage.step()
    expect(followed.history.roots.head!.root).toMatchObject({ first: 0, last: 2, evidenceEnd: 1 })
  })

  it('behavior: what nobody can give is voted unavailable, and settled when it is there', async () => {
    const stage = await stageOf()
    const { net, followed } = stage
    const reports = reportsOf(stage, 0)
    await net.seal(0, reports, reports.slice(1))
    await local.goTo(sealEnd(net.timeline, 0) + 1)
    await stage.step()
    expect(followed.history.slots.list[0]!.skipped).toBe(false)
    await local.goTo(sealEnd(net.timeline, 0) + 11)
    await stage.step()
    expect(followed.history.slots.list).toMatchObject([{ skipped: true }, { sealedIn: 1, skipped: false }])
    await local.goTo(availabilityEnd(net.timeline, 0))
    await stage.step()
    expect(followed.history.roots.all).toEqual([])
    net.serve(reports)
    await local.goTo(availabilityEnd(net.timeline, 1))
    await stage.step()
    expect(followed.history.roots.head!.root).toMatchObject({
      first: 0,
      last: 1,
      evidenceEnd: 2,
      evidenceSet: 2n,
    })
  })

  it('behavior: a verifier that was away votes for what was accepted without it', async () => {
    const stage = await stageOf()
    const { net, followed, verifiers } = stage
    await net.seal(0, reportsOf(stage, 0))
    await local.goTo(availabilityEnd(net.timeline, 0))
    await verifiers[0]!.step()
    await verifiers[1]!.step()
    await followed.sync()
    expect(followed.history.roots.head!.attestations).toHaveLength(2)
    await verifiers[2]!.step()
    await followed.sync()
    expect(followed.history.roots.head!.attestations).toHaveLength(3)
  })

  it('behavior: an epoch that missed its quorum is covered by the next root', async () => {
    const stage = await stageOf()
    const { net, followed, verifiers } = stage
    await net.seal(0, reportsOf(stage, 0))
    await local.goTo(availabilityEnd(net.timeline, 0))
    await verifiers[0]!.step()
    await local.goTo(attestEnd(net.timeline, 0))
    await net.seal(1, reportsOf(stage, 1))
    await local.goTo(availabilityEnd(net.timeline, 1))
    await stage.step()
    expect(followed.history.roots.head).toMatchObject({ root: { first: 0, last: 1, evidenceEnd: 2 } })
    expect(followed.history.roots.head!.root.payoutSum).toBe(18n * 10n ** 18n)
  })

  it('behavior: a restart between any two steps goes on, from its files or without them', async () => {
    const stage = await stageOf()
    const { net, followed, verifier } = stage
    const again = async () => {
      for (const index of VERIFIERS) await verifier(index).step()
      await followed.sync()
    }
    await net.seal(0, reportsOf(stage, 0))
    await local.goTo(sealEnd(net.timeline, 0))
    await again()
    await local.goTo(availabilityEnd(net.timeline, 0))
    await again()
    await net.seal(1, reportsOf(stage, 1))
    await rm(join(folder, `${salt}`), { recursive: true })
    await local.goTo(availabilityEnd(net.timeline, 1))
    await again()
    expect(followed.history.roots.standing.map(({ root }) => root.last)).toEqual([0, 1])
    expect(followed.history.roots.head!.attestations).toHaveLength(3)
  })

  it('behavior: a chain that took blocks back gets the votes again', async () => {
    const stage = await stageOf()
    const { net, followed } = stage
    await net.seal(0, reportsOf(stage, 0))
    await local.goTo(availabilityEnd(net.timeline, 0))
    const snapshot = await local.rpc('evm_snapshot')
    await stage.step()
    const { rootId } = followed.history.roots.head!
    await local.rpc('evm_revert', snapshot)
    await local.rpc('evm_mine')
    await stage.step()
    expect(followed.history.roots.head).toMatchObject({ rootId, state: 'challengeable' })
    expect(followed.history.roots.head!.attestations).toHaveLength(3)
  })

  it('behavior: an honest verifier attests nothing on a root that does not recompute', async () => {
    const stage = await stageOf()
    const { net, followed, verifier } = stage
    const liars = [2, 3].map((index) => verifier(index, { fault: 'wrong-payout' }))
    const honest = verifier(4)
    const all = async () => {
      for (const each of [...liars, honest]) await each.step()
      await followed.sync()
    }
    await net.seal(0, reportsOf(stage, 0))
    await local.goTo(availabilityEnd(net.timeline, 0))
    await all()
    const forged = followed.history.roots.head!
    expect(forged.attestations).toHaveLength(2)
    await net.seal(1, reportsOf(stage, 1))
    await local.goTo(availabilityEnd(net.timeline, 1))
    await all()
    const later = followed.history.roots.head!
    expect(later.root.parent).toBe(forged.rootId)
    expect(later.attestations).toHaveLength(2)
  })

  it('behavior: a true root answers whatever is asked, and costs those who ask', async () => {
    const stage = await stageOf()
    const { net, followed } = stage
    const { deployment } = local
    const griefer = 6
    await net.seal(0, reportsOf(stage, 0))
    await local.goTo(availabilityEnd(net.timeline, 0))
    await stage.step()
    const { rootId, root } = followed.history.roots.head!
    const settled = await settledOf(stage)
    const { network, token } = net
    const about = { network, root, salt: rootId }
    const leaf = decodeWorkLeaf(settled.workTree.leafBytes(3))
    const work = { leaf, siblings: settled.workTree.proof(3) }
    const entry = decodeVerdictEntry(treesOf(settled).verdict(3)!.leaf(0)!)
    const verdict = { entry, position: 0, siblings: new Uint8Array() }
    const calls = [
      openHidden(deployment, { ...about, tree: 'work' }),
      openHidden(deployment, { ...about, tree: 'payout' }),
      openHidden(deployment, { ...about, tree: 'carry' }),
      openHiddenVerdict(deployment, { ...about, work }),
      openUnbacked(deployment, { ...about, work, verdict }),
    ]
    const bonds = 100n * 10n ** 18n
    await local.send(griefer, approve({ token, spender: deployment.addresses.disputes, amount: bonds }))
    for (const call of calls) await local.send(griefer, commitChallenge(local.account(griefer).address, call))
    await local.goTo(await local.now())
    for (const call of calls) await local.send(griefer, call)

    const watched = followDisputes({ client: local.client, deployment, network })
    for (let round = 0; round < 8; round++) {
      await stage.step()
      await watched.sync()
      for (const { id, turn, shown } of watched.disputes.open) {
        // One of them is not gone on with.
        if (turn !== 'challenger' || shown === undefined || id === watched.disputes.all[1]!.id) continue
        await local.send(
          griefer,
          pick(deployment, { id, right: true, leftNode: shown.left, rightNode: shown.right }),
        )
      }
      await local.goTo((await local.now()) + 4)
    }
    expect(watched.disputes.all.map(({ turn }) => turn)).toEqual(['lost', 'lost', 'lost', 'lost', 'lost'])
    expect(followed.history.roots.get(rootId)!.state).toBe('challengeable')
    const balance = await readBalanceOf(local, { token, account: local.account(griefer).address })
    expect(1_000n * 10n ** 18n - balance).toBe(20n * 10n ** 18n)
  })

  it('default: serves what it holds', async () => {
    const stage = await stageOf()
    const { net, verifier } = stage
    const serving = verifier(2)
    const { url } = await serving.start()
    const root = await net.seal(0, reportsOf(stage, 0))
    const path = `${url}/v1/networks/${net.network}`
    expect((await fetch(`${path}/commitments/${root}`)).status).toBe(404)
    await local.goTo(sealEnd(net.timeline, 0))
    // The first waits for what its own loop may have begun before the sealing was over.
    await serving.step()
    await serving.step()
    const manifest = (await (await fetch(`${path}/commitments/${root}`)).json()) as { segments: string[] }
    expect(manifest).toMatchObject({ epoch: 0, count: 5, segments: [expect.stringMatching(/^0x/)] })
    const segment = await (await fetch(`${path}/segments/${manifest.segments[0]}`)).arrayBuffer()
    expect(new Uint8Array(segment)).toEqual(await net.fetchBytes(`x/segments/${manifest.segments[0]}`, 1e6))
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok', network: net.network })
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('cairn_verifier_block')
    expect((await fetch(`${path}/segments/0xnothing`)).status).toBe(404)
    await serving.stop()
  })
})
