import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { storageOffersAbi } from '../generated/storage-offers.ts'

type Four = readonly [number, number, number, number]

/** A network's terms for its rails (spec 10, Rails): those in force when a rail is opened stay its terms. */
export interface RailTerms {
  /** Of credits, which rails are spent on. */
  readonly program: number
  /** Periods missed in a row. */
  readonly lostAfter: number
  /** Left to prove everything, after the period in which a repair is taken on. */
  readonly repairPeriods: number
  readonly noticePeriods: number
  /** Credits for 2⁴⁰ bytes. */
  readonly repairPrice: bigint
  /** Proven periods, never falling: before so many … */
  readonly heldUntil: Four
  /** … so much of all that was earned is held back, in basis points, never rising. */
  readonly heldBps: Four
}

/** By the network's owner, for rails that are opened from now on. */
export function setRailTerms(
  deployment: Deployment,
  { network, terms }: { readonly network: NetworkId; readonly terms: RailTerms },
): Call {
  return encodeCall({
    contract: 'StorageOffers',
    to: deployment.addresses.storageOffers,
    abi: storageOffersAbi,
    functionName: 'setRailTerms',
    args: [network, terms],
  })
}
