import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { possessionProofsAbi } from '../generated/possession-proofs.ts'

/** How many data sets there are, of all networks; their ids count from 0. */
export async function readDataSetCount({ client, deployment }: ChainReader): Promise<bigint> {
  return readContract(client, {
    address: deployment.addresses.possessionProofs,
    abi: possessionProofsAbi,
    functionName: 'setCount',
  })
}
