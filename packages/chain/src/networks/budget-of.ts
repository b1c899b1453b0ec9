import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { networksAbi } from '../generated/networks.ts'

/** Emission of the epochs first..last for each program, before rollover and after the verifiers' share (spec 4). */
export async function readBudgetOf(
  { client, deployment }: ChainReader,
  { network, first, last }: { readonly network: NetworkId; readonly first: number; readonly last: number },
): Promise<readonly [bigint, bigint, bigint, bigint]> {
  return readContract(client, {
    address: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'budgetOf',
    args: [network, first, last],
  })
}
