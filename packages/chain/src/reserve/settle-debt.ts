import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { reserveAbi } from '../generated/reserve.ts'

/** Has a reserve pay the vault or an attester what it is owed, as far as balance and limit allow. Anybody. */
export function settleDebt({ reserve, to }: { readonly reserve: Address; readonly to: Address }): Call {
  return encodeCall({
    contract: 'Reserve',
    to: reserve,
    abi: reserveAbi,
    functionName: 'settleDebt',
    args: [to],
  })
}
