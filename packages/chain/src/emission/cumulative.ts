import type { Address, Client } from 'viem'
import { readContract } from 'viem/actions'
import { emissionAbi } from './emission-abi.ts'

/** What an emission contract emits before an epoch starts, in the token's smallest unit. One that follows the network's burns refuses epochs that are still to come. */
export async function readCumulativeEmission(
  { client }: { readonly client: Client },
  { emission, epoch }: { readonly emission: Address; readonly epoch: number },
): Promise<bigint> {
  return readContract(client, {
    address: emission,
    abi: emissionAbi,
    functionName: 'cumulative',
    args: [epoch],
  })
}
