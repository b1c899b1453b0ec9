import { derivePrograms, type Hex, type NetworkId, parseRuleset, toHex } from '@cairn/protocol'
import { type Address, encodeDeployData, zeroAddress } from 'viem'
import { encodeCall } from '../call.ts'
import type { ChainReader } from '../chain-reader.ts'
import type { Deployment } from '../deployment.ts'
import { readCumulativeEmission } from '../emission/cumulative.ts'
import { readEmissionTotal } from '../emission/total.ts'
import { networksAbi } from '../generated/networks.ts'
import { createGovernor } from '../governance/create-governor.ts'
import type { VotingRules } from '../governance/voting-rules.ts'
import type { NetworkConfig } from '../networks/config-of.ts'
import { readNetworkExists } from '../networks/exists.ts'
import { readIdOf } from '../networks/id-of.ts'
import { readReserveOf } from '../networks/reserve-of.ts'
import { readVaultOf } from '../networks/vault-of.ts'
import type { Submitter } from '../submit/create-submitter.ts'
import type { Timeline } from '../timeline.ts'
import { timelockControllerAbi, timelockControllerBytecode } from '../timelock/timelock-controller.ts'
import { readBalanceOf } from '../token/balance-of.ts'
import { transfer } from '../token/transfer.ts'
import { type BandSchedule, createBand } from './create-band.ts'
import { createSchedule, type FixedSchedule } from './create-schedule.ts'
import { createToken, type NewToken } from './create-token.ts'
import { create } from './deploy-singletons.ts'

/**
 * The network's token: one that exists, or a new one whose whole supply is given out here. The emission's total is made in addition: the creator gets it and funds the
 * reserve with it, or the band holds it and streams it.
 */
export type TokenChoice = { readonly address: Address } | NewToken

/** How much the network emits when. */
export type EmissionSchedule = FixedSchedule | BandSchedule

/** Who governs the network: a governor with its timelock or a timelock that is made here, or an address that exists. */
export type OwnerChoice =
  | { readonly address: Address }
  | { readonly governor: VotingRules }
  | {
      readonly delaySeconds: number
      readonly proposers: readonly Address[]
      readonly executors: readonly Address[]
    }

/** A network to create. */
export interface CreateNetworkOptions {
  readonly name: string
  readonly timeline: Timeline
  readonly token: TokenChoice
  readonly owner: OwnerChoice
  readonly emission: EmissionSchedule
  /** Least bonds, in the token's smallest unit. */
  readonly ingestBond: bigint
  readonly verifierBond: bigint
  readonly challengeBond: bigint
  /** Cap for each ingest and epoch while it holds `ingestBond`. */
  readonly reportsPerEpoch: number
  /** Part of the emission for the attesters of final roots, in basis points. */
  readonly verifierShareBps: number
  /** Bounds what leaves the reserve in any `epochs` (1 to 64) consecutive epochs; what is above waits. Default: no limit. */
  readonly outflow?: { readonly limit: bigint; readonly epochs: number }
  /** May put off the finality of a root, once. Default: nobody. */
  readonly guardian?: Address
  /** Gives each epoch its word: what `createDrandBeacon` made, or another IBeacon. Default: prevrandao, which only the local chain accepts. */
  readonly beacon?: Address
  /** Canonical JSON, spec 4: `serializeRuleset`. Its programs' weights are what the chain is told. */
  readonly ruleset: Uint8Array
  /** 32 bytes; the id follows from chain, deployment, creator and this. */
  readonly salt: Hex
}

/** A network that was created. */
export interface CreatedNetwork {
  readonly network: NetworkId
  readonly token: Address
  readonly owner: Address
  readonly emission: Address
  readonly vault: Address
  readonly reserve: Address
  /** What the schedule emits in all epochs together, in the token's smallest unit; of a band, its base. */
  readonly emissionTotal: bigint
  /** What the schedule emits in epoch 0; of a band, its base. */
  readonly firstEmission: bigint
  /** Where the owner is its timelock. */
  readonly governor?: Address
  readonly votingToken?: Address
}

/**
 * Creates a network: emission schedule, token, timelock, the network itself, and the reserve's funds. The submitter's account is the
 * creator, and must hold the emission's total when the token exists already.
 */
export async function createNetwork(
  { deployment, submitter }: Pick<ChainReader, 'deployment'> & { readonly submitter: Submitter },
  options: CreateNetworkOptions,
): Promise<CreatedNetwork> {
  const reader = { client: submitter.client, deployment }
  const { salt } = options
  const network = await readIdOf(reader, { creator: submitter.address, salt })
  const { token, emission, ...amounts } = await createEmission({ deployment, submitter }, network, options)
  const { owner, ...governance } = await chooseOwner(submitter, options.owner, token)

  const config: NetworkConfig = {
    owner,
    guardian: options.guardian ?? zeroAddress,
    token,
    emission,
    timeline: options.timeline,
    ingestBond: options.ingestBond,
    verifierBond: options.verifierBond,
    challengeBond: options.challengeBond,
    reportsPerEpoch: options.reportsPerEpoch,
    verifierShareBps: options.verifierShareBps,
    outflowLimit: options.outflow?.limit ?? 0n,
    outflowEpochs: options.outflow?.epochs ?? 0,
    beacon: options.beacon ?? zeroAddress,
    name: options.name,
  }
  const creation = encodeCall({
    contract: 'Networks',
    to: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'create',
    args: [config, salt, toHex(options.ruleset), derivePrograms(parseRuleset(options.ruleset))],
  })
  // No `settled`: a network of this salt that is there already may have another config, and the contract says so.
  await submitter.submit(creation)
  const [vault, reserve] = await Promise.all([
    readVaultOf(reader, { network }),
    readReserveOf(reader, { network }),
  ])
  // A band holds what it emits, and streams it.
  if (options.emission.kind !== 'band') await fundReserve(submitter, token, reserve, amounts.emissionTotal)
  return { network, token, owner, emission, vault, reserve, ...amounts, ...governance }
}

/** Whether the account has created a network with this salt. */
export async function isNetworkCreated(reader: ChainReader, creator: Address, salt: Hex): Promise<boolean> {
  return readNetworkExists(reader, { network: await readIdOf(reader, { creator, salt }) })
}

type Emission = Pick<CreatedNetwork, 'token' | 'emission' | 'emissionTotal' | 'firstEmission'>

async function createEmission(
  on: { readonly deployment: Deployment; readonly submitter: Submitter },
  network: NetworkId,
  { emission: schedule, token }: CreateNetworkOptions,
): Promise<Emission> {
  const { submitter } = on
  if (schedule.kind === 'band') {
    const { base, ...created } = await createBand(on, network, schedule, token)
    return {
      ...created,
      firstEmission: await readCumulativeEmission(submitter, { emission: base, epoch: 1 }),
    }
  }
  const emission = await createSchedule(submitter, schedule)
  const [emissionTotal, firstEmission] = await Promise.all([
    readEmissionTotal(submitter, { emission }),
    readCumulativeEmission(submitter, { emission, epoch: 1 }),
  ])
  if ('address' in token) return { token: token.address, emission, emissionTotal, firstEmission }
  const allocations = [...token.allocations, { to: submitter.address, amount: emissionTotal }]
  return {
    token: await createToken(submitter, { ...token, allocations }),
    emission,
    emissionTotal,
    firstEmission,
  }
}

async function fundReserve(
  submitter: Submitter,
  token: Address,
  reserve: Address,
  amount: bigint,
): Promise<void> {
  await submitter.submit(transfer({ token, to: reserve, amount }), {
    settled: async () => (await readBalanceOf(submitter, { token, account: reserve })) >= amount,
  })
}

async function chooseOwner(
  submitter: Submitter,
  owner: OwnerChoice,
  token: Address,
): Promise<Pick<CreatedNetwork, 'owner' | 'governor' | 'votingToken'>> {
  if ('address' in owner) return { owner: owner.address }
  if ('governor' in owner) {
    const { timelock, ...governance } = await createGovernor(submitter, { token, rules: owner.governor })
    return { owner: timelock, ...governance }
  }
  const { delaySeconds, proposers, executors } = owner
  const data = encodeDeployData({
    abi: timelockControllerAbi,
    bytecode: timelockControllerBytecode,
    // No admin: the timelock's roles change through the timelock alone.
    args: [BigInt(delaySeconds), proposers, executors, zeroAddress],
  })
  return { owner: await create(submitter, { name: 'TimelockController', data }) }
}
