import { toHex } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { disputesAbi } from '../generated/disputes.ts'

/** What {@link showChildren} needs. */
export interface ShowChildrenArgs {
  readonly id: bigint
  readonly left: Uint8Array
  readonly right: Uint8Array
}

/** Answers a dispute with the children of the current node: 32 bytes each for carry, 48 for payout, 96 for work and verdict. Anybody. */
export function showChildren(deployment: Deployment, { id, left, right }: ShowChildrenArgs): Call {
  return encodeCall({
    contract: 'Disputes',
    to: deployment.addresses.disputes,
    abi: disputesAbi,
    functionName: 'showChildren',
    args: [id, toHex(left), toHex(right)],
  })
}
