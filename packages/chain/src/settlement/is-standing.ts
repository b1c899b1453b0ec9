import type { Hex } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { settlementAbi } from '../generated/settlement.ts'

/** Whether the root is accepted or final and every ancestor of it still stands. */
export async function readIsStanding(
  { client, deployment }: ChainReader,
  { rootId }: { readonly rootId: Hex },
): Promise<boolean> {
  return readContract(client, {
    address: deployment.addresses.settlement,
    abi: settlementAbi,
    functionName: 'isStanding',
    args: [rootId],
  })
}
