import { toHex } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { disputesAbi } from '../generated/disputes.ts'

/** What {@link showLeaf} needs. */
export interface ShowLeafArgs {
  readonly id: bigint
  /** The leaf's preimage without its tag; empty for an empty leaf. */
  readonly leaf: Uint8Array
}

/** Answers a dispute with the current node's leaf, which ends it. */
export function showLeaf(deployment: Deployment, { id, leaf }: ShowLeafArgs): Call {
  return encodeCall({
    contract: 'Disputes',
    to: deployment.addresses.disputes,
    abi: disputesAbi,
    functionName: 'showLeaf',
    args: [id, toHex(leaf)],
  })
}
