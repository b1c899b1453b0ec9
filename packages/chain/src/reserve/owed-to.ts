import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { reserveAbi } from '../generated/reserve.ts'

/** What final roots promised the vault or an attester and the reserve could not pay yet, in the token's smallest unit. */
export async function readOwedTo(
  { client }: Pick<ChainReader, 'client'>,
  { reserve, to }: { readonly reserve: Address; readonly to: Address },
): Promise<bigint> {
  return readContract(client, { address: reserve, abi: reserveAbi, functionName: 'owedTo', args: [to] })
}
