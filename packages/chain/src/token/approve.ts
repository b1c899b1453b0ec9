import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { networkTokenAbi } from '../generated/network-token.ts'

/** What {@link approve} needs. */
export interface ApproveArgs {
  readonly token: Address
  readonly spender: Address
  readonly amount: bigint
}

/** Lets the spender take up to `amount` from the sender. */
export function approve({ token, spender, amount }: ApproveArgs): Call {
  return encodeCall({
    contract: 'NetworkToken',
    to: token,
    abi: networkTokenAbi,
    functionName: 'approve',
    args: [spender, amount],
  })
}
