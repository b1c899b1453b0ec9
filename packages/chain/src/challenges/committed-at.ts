import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { Call } from '../call.ts'
import type { ChainReader } from '../chain-reader.ts'
import { challengesAbi } from '../generated/challenges.ts'
import { challengeCommitment } from './commit.ts'

/** The block in which a challenge was announced; undefined when it was not, or was made already. */
export async function readCommittedAt(
  { client }: Pick<ChainReader, 'client'>,
  challenger: Address,
  challenge: Call,
): Promise<bigint | undefined> {
  const blockPlusOne = await readContract(client, {
    address: challenge.to,
    abi: challengesAbi,
    functionName: 'committedAt',
    args: [challengeCommitment(challenger, challenge)],
  })
  return blockPlusOne === 0n ? undefined : blockPlusOne - 1n
}
