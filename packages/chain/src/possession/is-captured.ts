import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { possessionProofsAbi } from '../generated/possession-proofs.ts'
import type { CaptureChallengesArgs } from './capture-challenges.ts'

/** Whether the period's beacon was captured on time, so that sets of these terms that were not proven are at fault. */
export async function readIsCaptured(
  { client, deployment }: ChainReader,
  { network, periodEpochs, windowEpochs, period }: CaptureChallengesArgs & { readonly period: number },
): Promise<boolean> {
  return readContract(client, {
    address: deployment.addresses.possessionProofs,
    abi: possessionProofsAbi,
    functionName: 'isCaptured',
    args: [network, periodEpochs, windowEpochs, period],
  })
}
