import { type Hex, type NetworkId, toHex } from '@cairn/protocol'
import { type Address, encodeDeployData, zeroAddress } from 'viem'
import { encodeCall } from '../call.ts'
import type { ChainReader } from '../chain-reader.ts'
import { fixedEmissionAbi, fixedEmissionBytecode } from '../generated/fixed-emission.ts'
import { networkTokenAbi, networkTokenBytecode } from '../generated/network-token.ts'
import { networksAbi } from '../generated/networks.ts'
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
import { create } from './deploy-singletons.ts'

/** Emission that halves: `perEpoch`, halved after every `halvingEpochs`, `maxHalvings` times. Amounts in the token's smallest unit. */
export interface EmissionSchedule {
  readonly perEpoch: bigint
  readonly halvingEpochs: number
  readonly maxHalvings: number
}

/** The network's token: one that exists, or a new one whose whole supply is given out here. The emission's total goes to the creator in addition, who funds the reserve with it. */
export type TokenChoice =
  | { readonly address: Address }
  | {
      readonly name: string
      readonly symbol: string
      readonly allocations: readonly { readonly to: Address; readonly amount: bigint }[]
    }

/** Who governs the network: a timelock that is made here, or an address that exists. */
export type OwnerChoice =
  | { readonly address: Address }
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
  /** May put off the finality of a root, once. Default: nobody. */
  readonly guardian?: Address
  /** Gives each epoch its word: what `createDrandBeacon` made, or another IBeacon. Default: prevrandao, which only the local chain accepts. */
  readonly beacon?: Address
  /** Canonical JSON, spec 4: `serializeRuleset`. */
  readonly ruleset: Uint8Array
  readonly weightsBps: readonly [number, number, number, number]
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
  const [emission, token, owner] = await Promise.all([
    createEmission(submitter, options.emission),
    chooseToken(submitter, options),
    chooseOwner(submitter, options.owner),
  ])

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
    beacon: options.beacon ?? zeroAddress,
    name: options.name,
  }
  const creation = encodeCall({
    contract: 'Networks',
    to: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'create',
    args: [config, salt, toHex(options.ruleset), options.weightsBps],
  })
  // No `settled`: a network of this salt that is there already may have another config, and the contract says so.
  await submitter.submit(creation)
  const [vault, reserve] = await Promise.all([
    readVaultOf(reader, { network }),
    readReserveOf(reader, { network }),
  ])
  const amount = totalOf(options.emission)
  await submitter.submit(transfer({ token, to: reserve, amount }), {
    settled: async () => (await readBalanceOf(reader, { token, account: reserve })) >= amount,
  })
  return { network, token, owner, emission, vault, reserve }
}

/** Whether the account has created a network with this salt. */
export async function isNetworkCreated(reader: ChainReader, creator: Address, salt: Hex): Promise<boolean> {
  return readNetworkExists(reader, { network: await readIdOf(reader, { creator, salt }) })
}

/** All that a schedule ever emits. The sum of `FixedEmission`. */
export function totalOf({ perEpoch, halvingEpochs, maxHalvings }: EmissionSchedule): bigint {
  let total = 0n
  for (let halvings = 0; halvings <= maxHalvings; halvings += 1) {
    total += (perEpoch >> BigInt(halvings)) * BigInt(halvingEpochs)
  }
  return total
}

function createEmission(
  submitter: Submitter,
  { perEpoch, halvingEpochs, maxHalvings }: EmissionSchedule,
): Promise<Address> {
  const data = encodeDeployData({
    abi: fixedEmissionAbi,
    bytecode: fixedEmissionBytecode,
    args: [perEpoch, halvingEpochs, maxHalvings],
  })
  return create(submitter, { name: 'FixedEmission', data })
}

async function chooseToken(
  submitter: Submitter,
  { token, emission }: CreateNetworkOptions,
): Promise<Address> {
  if ('address' in token) return token.address
  const shares = [...token.allocations, { to: submitter.address, amount: totalOf(emission) }]
  const data = encodeDeployData({
    abi: networkTokenAbi,
    bytecode: networkTokenBytecode,
    args: [token.name, token.symbol, shares.map(({ to }) => to), shares.map(({ amount }) => amount)],
  })
  return create(submitter, { name: 'NetworkToken', data })
}

async function chooseOwner(submitter: Submitter, owner: OwnerChoice): Promise<Address> {
  if ('address' in owner) return owner.address
  const { delaySeconds, proposers, executors } = owner
  const data = encodeDeployData({
    abi: timelockControllerAbi,
    bytecode: timelockControllerBytecode,
    // No admin: the timelock's roles change through the timelock alone.
    args: [BigInt(delaySeconds), proposers, executors, zeroAddress],
  })
  return create(submitter, { name: 'TimelockController', data })
}
