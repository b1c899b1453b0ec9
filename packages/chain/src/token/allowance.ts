import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { networkTokenAbi } from '../generated/network-token.ts'

/** What the spender may still take from the owner. */
export async function readAllowance(
  { client }: Pick<ChainReader, 'client'>,
  { token, owner, spender }: { readonly token: Address; readonly owner: Address; readonly spender: Address },
): Promise<bigint> {
  return readContract(client, {
    address: token,
    abi: networkTokenAbi,
    functionName: 'allowance',
    args: [owner, spender],
  })
}
