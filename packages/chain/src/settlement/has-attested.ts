import type { Hex } from '@cairn/protocol'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { settlementAbi } from '../generated/settlement.ts'

/** Whether the verifier attested the root. */
export async function readHasAttested(
  { client, deployment }: ChainReader,
  { rootId, verifier }: { readonly rootId: Hex; readonly verifier: Address },
): Promise<boolean> {
  return readContract(client, {
    address: deployment.addresses.settlement,
    abi: settlementAbi,
    functionName: 'hasAttested',
    args: [rootId, verifier],
  })
}
