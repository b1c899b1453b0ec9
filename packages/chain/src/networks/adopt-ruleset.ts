import { derivePrograms, type NetworkId, parseRuleset, toHex } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { networksAbi } from '../generated/networks.ts'

/** What {@link adoptRuleset} needs. */
export interface AdoptRulesetArgs {
  readonly network: NetworkId
  /** Canonical JSON, spec 4. Its programs' weights are what the chain is told. */
  readonly document: Uint8Array
}

/**
 * Adopts a ruleset from the next epoch on; the network's owner sends it.
 *
 * @throws RulesetError for a document that verifiers would refuse
 */
export function adoptRuleset(deployment: Deployment, { network, document }: AdoptRulesetArgs): Call {
  return encodeCall({
    contract: 'Networks',
    to: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'adoptRuleset',
    args: [network, toHex(document), derivePrograms(parseRuleset(document))],
  })
}
