import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { evidenceAbi } from '../generated/evidence.ts'

/** What {@link markUnavailable} needs. */
export interface MarkUnavailableArgs {
  readonly network: NetworkId
  readonly slot: number
}

/** A verifier's vote that a slot's segments can not be had, in the availability phase of its sealing. */
export function markUnavailable(deployment: Deployment, { network, slot }: MarkUnavailableArgs): Call {
  return encodeCall({
    contract: 'Evidence',
    to: deployment.addresses.evidence,
    abi: evidenceAbi,
    functionName: 'markUnavailable',
    args: [network, slot],
  })
}
