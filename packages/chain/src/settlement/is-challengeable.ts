import type { Hex } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { settlementAbi } from '../generated/settlement.ts'

/** Whether a one-move challenge of the root can still be made. */
export async function readIsChallengeable(
  { client, deployment }: ChainReader,
  { rootId }: { readonly rootId: Hex },
): Promise<boolean> {
  return readContract(client, {
    address: deployment.addresses.settlement,
    abi: settlementAbi,
    functionName: 'isChallengeable',
    args: [rootId],
  })
}
