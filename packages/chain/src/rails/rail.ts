import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'

/** In the order of the contract. */
export const railStates = ['running', 'repairing', 'ended', 'lost', 'closed'] as const

export type RailState = (typeof railStates)[number]

/** A payer's standing order to a device: `Rail` of the contracts (spec 10, Rails). */
export interface Rail {
  readonly network: NetworkId
  readonly device: number
  readonly payer: Address
  /** Signs bundles and orders for the payer. */
  readonly signer: Address
  /** The device's owner when it was opened. */
  readonly operator: Address
  /** The data set of PossessionProofs. */
  readonly set: bigint
  /** Version of the network's rail terms. */
  readonly terms: number
  readonly storagePrice: bigint
  readonly egressPrice: bigint
  readonly state: RailState
  /** Credits paid so far. */
  readonly paid: bigint
  /** Credits it has a right to for a repair. */
  readonly reward: bigint
  /** The rail that repairs it, or did. */
  readonly successor: bigint | undefined
  /** The rail it succeeds to. */
  readonly lost: bigint | undefined
  /** Pieces of the lost rail that were dealt with. */
  readonly copied: number
  /** The last period in which its repair can be proven. */
  readonly repairUntil: number
  /** The first period whose challenges fall on all that was copied. */
  readonly coversFrom: number | undefined
}

/** A rail by its id. */
export async function readRail(
  { client, deployment }: ChainReader,
  { rail }: { readonly rail: bigint },
): Promise<Rail> {
  const kept = await readContract(client, {
    address: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'railAt',
    args: [rail],
  })
  return {
    ...kept,
    network: kept.network as NetworkId,
    state: railStates[kept.state] as RailState,
    successor: kept.successor === 0n ? undefined : kept.successor - 1n,
    lost: kept.lost === 0n ? undefined : kept.lost - 1n,
    coversFrom: kept.coversFrom === 0 ? undefined : kept.coversFrom - 1,
  }
}
