import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { networkTokenAbi } from '../generated/network-token.ts'

/** What {@link transfer} needs. */
export interface TransferArgs {
  readonly token: Address
  readonly to: Address
  readonly amount: bigint
}

/** Sends tokens. */
export function transfer({ token, to, amount }: TransferArgs): Call {
  return encodeCall({
    contract: 'NetworkToken',
    to: token,
    abi: networkTokenAbi,
    functionName: 'transfer',
    args: [to, amount],
  })
}
