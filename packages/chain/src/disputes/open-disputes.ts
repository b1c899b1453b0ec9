import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { disputesAbi } from '../generated/disputes.ts'

/** How many disputes of the network are open: what each clock is put off by. */
export async function readOpenDisputes(
  { client, deployment }: ChainReader,
  { network }: { readonly network: NetworkId },
): Promise<number> {
  return readContract(client, {
    address: deployment.addresses.disputes,
    abi: disputesAbi,
    functionName: 'openDisputes',
    args: [network],
  })
}
