import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { possessionProofsAbi } from '../generated/possession-proofs.ts'

/** Periods a data set has missed until now, recorded or not. */
export async function readFaultsOf(
  { client, deployment }: ChainReader,
  { set }: { readonly set: bigint },
): Promise<number> {
  return readContract(client, {
    address: deployment.addresses.possessionProofs,
    abi: possessionProofsAbi,
    functionName: 'faultsOf',
    args: [set],
  })
}
