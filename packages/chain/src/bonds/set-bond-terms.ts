import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { operatorBondsAbi } from '../generated/operator-bonds.ts'

/** How a network slashes its operators: `BondTerms` of the contracts (spec 6). */
export interface BondTerms {
  /** The program of the ruleset, with weight 0, whose work counts faults: 0 to 3. */
  readonly faultProgram: number
  /** So many epochs in a row without faults lower a score by one. */
  readonly forgiveEpochs: number
  /** Steps of the ladder, rising; below the first a fault is a warning. */
  readonly scores: readonly [number, number, number, number]
  /** Of the bond, in basis points, what a root with faults costs from that score on. */
  readonly bps: readonly [number, number, number, number]
}

/** By the network's owner; in force from the next epoch on. */
export function setBondTerms(
  deployment: Deployment,
  { network, terms }: { readonly network: NetworkId; readonly terms: BondTerms },
): Call {
  return encodeCall({
    contract: 'OperatorBonds',
    to: deployment.addresses.operatorBonds,
    abi: operatorBondsAbi,
    functionName: 'setTerms',
    args: [network, terms],
  })
}
