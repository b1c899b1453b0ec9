import { toHex } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { disputesAbi } from '../generated/disputes.ts'

/** What {@link pick} needs. */
export interface PickArgs {
  readonly id: bigint
  readonly right: boolean
  readonly leftNode: Uint8Array
  readonly rightNode: Uint8Array
}

/** The challenger goes down to a child of the last answer. */
export function pick(deployment: Deployment, { id, right, leftNode, rightNode }: PickArgs): Call {
  return encodeCall({
    contract: 'Disputes',
    to: deployment.addresses.disputes,
    abi: disputesAbi,
    functionName: 'pick',
    args: [id, right, toHex(leftNode), toHex(rightNode)],
  })
}
