import type { Hex, NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { settlementAbi } from '../generated/settlement.ts'

/** The payout top of a final root of the network, which claims prove against; undefined for any other. */
export async function readFinalTop(
  { client, deployment }: ChainReader,
  { network, rootId }: { readonly network: NetworkId; readonly rootId: Hex },
): Promise<Hex | undefined> {
  const answer = await readContract(client, {
    address: deployment.addresses.settlement,
    abi: settlementAbi,
    functionName: 'finalTop',
    args: [network, rootId],
  })
  return BigInt(answer) === 0n ? undefined : answer
}
