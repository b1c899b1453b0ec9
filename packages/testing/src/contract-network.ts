import {
  approve,
  type Call,
  commitEvidence,
  createNetwork,
  createSubmitter,
  type Deployment,
  deploySingletons,
  deposit,
  type EmissionSchedule,
  epochEnd,
  epochStart,
  localAccount,
  type Role,
  registerDevice,
  type Submitter,
  type Timeline,
} from '@cairn/chain'
import {
  buildReport,
  encodeSegment,
  evidenceTree,
  fromHex,
  type Hex,
  type NetworkId,
  onboardDigestInput,
  parseReport,
  recordHash,
  type Sector,
  segmentIds,
  serializeRuleset,
  toHex,
} from '@cairn/protocol'
import {
  deviceSigner,
  generateDevicePrivateKey,
  type LocalChain,
  sha256,
  startAnvil,
  systemClock,
} from '@cairn/runtime'
import { type Address, type Client, createClient, http, type LocalAccount, parseEther } from 'viem'
import { getBlock } from 'viem/actions'
import { defaultRuleset } from './test-epoch.ts'

/** A local chain with the contracts on it. */
export interface ContractChain {
  readonly chain: LocalChain
  readonly client: Client
  readonly deployment: Deployment
  account(index: number): LocalAccount
  submitter(index: number): Submitter
  send(index: number, call: Call): Promise<void>
  rpc<T = unknown>(method: string, ...params: unknown[]): Promise<T>
  /** Mines a block at that Unix second, or one second after the newest where that is later. */
  goTo(time: number): Promise<void>
  /** Unix seconds of the newest block. */
  now(): Promise<number>
}

/** A device of a local network. */
export interface LocalDevice {
  readonly index: number
  report(epoch: number, sequence: number, observations: readonly Uint8Array[]): Uint8Array
}

/** A network on such a chain, and evidence that its ingest commits. */
export interface ContractNetwork {
  readonly network: NetworkId
  readonly timeline: Timeline
  readonly token: Address
  readonly vault: Address
  readonly devices: readonly LocalDevice[]
  readonly ingest: number
  /** Commits reports for an epoch whose sealing is open, goes to it first, and serves their segments from then on. */
  seal(epoch: number, reports: readonly Uint8Array[], served?: readonly Uint8Array[]): Promise<Hex>
  /** Gives segments anew, as when an ingest comes back. */
  serve(reports: readonly Uint8Array[]): void
  /** Gives what was sealed, whatever host is asked; nothing for hosts called `dead`. */
  fetchBytes(url: string, maxBytes: number): Promise<Uint8Array>
}

/** Starts anvil and deploys the contracts. End it with `chain.kill()`. */
export async function startContractChain(): Promise<ContractChain> {
  const chain = await startAnvil()
  const client: Client = createClient({ transport: http(chain.url), cacheTime: 0 })
  const submitters = new Map<number, Submitter>()
  const submitter = (index: number) => {
    const known =
      submitters.get(index) ??
      createSubmitter({ client, account: localAccount(index), clock: systemClock(), pollMs: 10 })
    submitters.set(index, known)
    return known
  }
  const rpc = <T>(method: string, ...params: unknown[]) =>
    client.request({ method, params } as never) as Promise<T>
  const now = async () => Number((await getBlock(client)).timestamp)
  return {
    chain,
    client,
    deployment: await deploySingletons(submitter(0)),
    account: localAccount,
    submitter,
    rpc,
    now,
    send: async (index, call) => void (await submitter(index).submit(call)),
    async goTo(time) {
      await rpc('evm_setNextBlockTimestamp', Math.max(time, (await now()) + 1))
      await rpc('evm_mine')
    },
  }
}

/** What a local network is to be like. */
export interface ContractNetworkOptions {
  readonly sector: Sector
  readonly devices: number
  /** Accounts that bond as verifiers; account 1 is the ingest, account 0 the creator. */
  readonly verifiers: readonly number[]
  readonly timeline?: Partial<Timeline>
  /** Default: 10 tokens an epoch, halved once. */
  readonly emission?: EmissionSchedule
  /** Makes the beacon of a network with that timeline. Default: prevrandao. */
  readonly beacon?: (timeline: Timeline) => Promise<Address>
  /** Bounds what leaves the reserve. Default: no limit. */
  readonly outflow?: { readonly limit: bigint; readonly epochs: number }
  readonly salt: number
}

/** Creates a network whose devices, ingest and verifiers are there from epoch 0 on. */
export async function createContractNetwork(
  local: ContractChain,
  options: ContractNetworkOptions,
): Promise<ContractNetwork> {
  const {
    sector,
    devices: deviceCount,
    verifiers,
    timeline: changes = {},
    emission,
    beacon,
    outflow,
    salt,
  } = options
  const { deployment, account, send } = local
  const ingest = 1
  const timeline: Timeline = {
    genesis: BigInt((await local.now()) + 200),
    epochSeconds: 100,
    sealSeconds: 20,
    availabilitySeconds: 20,
    attestSeconds: 60,
    challengeSeconds: 200,
    responseSeconds: 10,
    queueSeconds: 1,
    exitSeconds: 900,
    ...changes,
  }
  const everyone = Array.from({ length: 10 }, (_, index) => account(index).address)
  const created = await createNetwork(
    { deployment, submitter: local.submitter(0) },
    {
      name: 'Test',
      timeline,
      token: {
        name: 'Stone',
        symbol: 'STN',
        allocations: everyone.map((to) => ({ to, amount: parseEther('1000') })),
      },
      owner: { address: account(0).address },
      emission: emission ?? {
        kind: 'halving',
        perEpoch: parseEther('10'),
        halvingEpochs: 1_000,
        maxHalvings: 1,
      },
      ingestBond: parseEther('10'),
      verifierBond: parseEther('9'),
      challengeBond: parseEther('4'),
      reportsPerEpoch: 10_000,
      verifierShareBps: 1_000,
      ruleset: serializeRuleset(defaultRuleset(sector)),
      ...(beacon === undefined ? {} : { beacon: await beacon(timeline) }),
      ...(outflow === undefined ? {} : { outflow }),
      salt: `0x${salt.toString(16).padStart(64, '0')}`,
    },
  )
  const { network, token } = created
  const bond = async (index: number, role: Role, amount: bigint) => {
    await send(index, approve({ token, spender: deployment.addresses.stake, amount }))
    await send(index, deposit(deployment, { network, role, amount }))
  }
  await bond(ingest, 'ingest', parseEther('10'))
  for (const verifier of verifiers) await bond(verifier, 'verifier', parseEther('9'))
  const devices: LocalDevice[] = []
  for (let index = 0; index < deviceCount; index++) {
    const signer = deviceSigner(generateDevicePrivateKey())
    const owner = fromHex(account(0).address)
    const signature = signer.sign(onboardDigestInput(network, owner, 0))
    await send(0, registerDevice(deployment, { network, deviceClass: 0, key: signer.key, signature }))
    devices.push({
      index,
      report: (epoch, sequence, observations) => {
        const timeMs = epochStart(timeline, epoch) * 1000 + 1
        return buildReport({ network, device: index, epoch, sequence, timeMs }, observations, signer.sign)
          .bytes
      },
    })
  }
  const served = new Map<string, Uint8Array>()
  const serve = (reports: readonly Uint8Array[], shown = reports): Uint8Array => {
    const records = concatRecords(reports)
    const { root } = evidenceTree(records)
    const [id] = segmentIds(records)
    served.set(`commitments/${toHex(root)}`, new TextEncoder().encode(JSON.stringify({ segments: [id] })))
    served.set(`segments/${id}`, encodeSegment(shown))
    return root
  }
  return {
    ...created,
    timeline,
    serve,
    devices,
    ingest,
    async seal(epoch, reports, shown = reports) {
      await local.goTo(epochEnd(timeline, epoch))
      const root = toHex(serve(reports, shown))
      const sizeBytes = reports.reduce((sum, { length }) => sum + length, 0)
      await send(
        ingest,
        commitEvidence(deployment, { network, epoch, root, count: reports.length, sizeBytes }),
      )
      return root
    },
    async fetchBytes(url, maxBytes) {
      const bytes = served.get(url.split('/').slice(-2).join('/'))
      if (bytes === undefined || bytes.length > maxBytes || url.includes('//dead'))
        throw new Error(`nothing at ${url}`)
      return bytes
    },
  }
}

function concatRecords(reports: readonly Uint8Array[]): Uint8Array {
  const records = new Uint8Array(32 * reports.length)
  reports.forEach((bytes, i) => {
    const { headerBytes, signature } = parseReport(bytes)
    records.set(recordHash(headerBytes, signature, sha256), 32 * i)
  })
  return records
}
