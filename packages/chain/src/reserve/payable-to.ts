import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { reserveAbi } from '../generated/reserve.ts'

/** What `settleDebt` would pay now, in the token's smallest unit. */
export async function readPayableTo(
  { client }: Pick<ChainReader, 'client'>,
  { reserve, to }: { readonly reserve: Address; readonly to: Address },
): Promise<bigint> {
  return readContract(client, { address: reserve, abi: reserveAbi, functionName: 'payableTo', args: [to] })
}
