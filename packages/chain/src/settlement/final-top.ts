import type { Hex } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { settlementAbi } from '../generated/settlement.ts'

/** The payout top of a final root, which claims prove against; undefined for any other. */
export async function readFinalTop(
  { client, deployment }: ChainReader,
  { rootId }: { readonly rootId: Hex },
): Promise<Hex | undefined> {
  const answer = await readContract(client, {
    address: deployment.addresses.settlement,
    abi: settlementAbi,
    functionName: 'finalTop',
    args: [rootId],
  })
  return BigInt(answer) === 0n ? undefined : answer
}
