import { type NetworkId, toHex } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { networksAbi } from '../generated/networks.ts'

/** What {@link adoptRuleset} needs. */
export interface AdoptRulesetArgs {
  readonly network: NetworkId
  /** Canonical JSON, spec 4. */
  readonly document: Uint8Array
  /** Basis points for each program, summing to 10 000. */
  readonly weightsBps: readonly [number, number, number, number]
}

/** Adopts a ruleset from the next epoch on; the network's owner sends it. */
export function adoptRuleset(
  deployment: Deployment,
  { network, document, weightsBps }: AdoptRulesetArgs,
): Call {
  return encodeCall({
    contract: 'Networks',
    to: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'adoptRuleset',
    args: [network, toHex(document), weightsBps],
  })
}
