import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { possessionProofsAbi } from '../generated/possession-proofs.ts'

/** A leaf that is asked for. */
export interface LeafChallenge {
  readonly piece: number
  /** Its index among the piece's leaves. */
  readonly leaf: bigint
}

/** What a set is asked for in the period that a block falls in. */
export interface PeriodChallenges {
  readonly period: number
  /** None while the beacon is not captured, or of a set that owes nothing. */
  readonly challenges: readonly LeafChallenge[]
}

/** The leaves that a set is asked for now. */
export async function readChallengesOf(
  { client, deployment }: ChainReader,
  { set }: { readonly set: bigint },
): Promise<PeriodChallenges> {
  const [period, challenges] = await readContract(client, {
    address: deployment.addresses.possessionProofs,
    abi: possessionProofsAbi,
    functionName: 'challengesOf',
    args: [set],
  })
  return { period, challenges }
}
