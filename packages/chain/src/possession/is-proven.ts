import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { possessionProofsAbi } from '../generated/possession-proofs.ts'

/** Whether the set was proven in the period. */
export async function readIsProven(
  { client, deployment }: ChainReader,
  { set, period }: { readonly set: bigint; readonly period: number },
): Promise<boolean> {
  return readContract(client, {
    address: deployment.addresses.possessionProofs,
    abi: possessionProofsAbi,
    functionName: 'isProven',
    args: [set, period],
  })
}
