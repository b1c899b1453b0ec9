import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { creditsAbi } from '../generated/credits.ts'

/** What was burned for a program in the epochs first..last, in the token's smallest unit; final when `last` has ended. */
export async function readBurnedIn(
  { client, deployment }: ChainReader,
  {
    network,
    program,
    first,
    last,
  }: {
    readonly network: NetworkId
    readonly program: number
    readonly first: number
    readonly last: number
  },
): Promise<bigint> {
  return readContract(client, {
    address: deployment.addresses.credits,
    abi: creditsAbi,
    functionName: 'burnedIn',
    args: [network, program, first, last],
  })
}
