import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { networkTokenAbi } from '../generated/network-token.ts'

/** An account's tokens, in the smallest unit. */
export async function readBalanceOf(
  { client }: Pick<ChainReader, 'client'>,
  { token, account }: { readonly token: Address; readonly account: Address },
): Promise<bigint> {
  return readContract(client, {
    address: token,
    abi: networkTokenAbi,
    functionName: 'balanceOf',
    args: [account],
  })
}
