import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { votingTokenAbi } from '../generated/voting-token.ts'
import type { LockVotesArgs } from './lock-votes.ts'

/** Turns voting tokens of the sender back into tokens for the holder, at once. What it voted with stays voted. */
export function unlockVotes({ votingToken, holder, amount }: LockVotesArgs): Call {
  return encodeCall({
    contract: 'VotingToken',
    to: votingToken,
    abi: votingTokenAbi,
    functionName: 'withdrawTo',
    args: [holder, amount],
  })
}

/** Gives the sender's votes to another account, or back to itself, from now on. */
export function delegateVotes(votingToken: Address, to: Address): Call {
  return encodeCall({
    contract: 'VotingToken',
    to: votingToken,
    abi: votingTokenAbi,
    functionName: 'delegate',
    args: [to],
  })
}
