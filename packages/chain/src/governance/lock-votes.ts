import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { votingTokenAbi } from '../generated/voting-token.ts'

/** What {@link lockVotes} needs. */
export interface LockVotesArgs {
  readonly votingToken: Address
  /** Who gets the votes, and gives them to itself unless it chose otherwise before. */
  readonly holder: Address
  readonly amount: bigint
}

/** Locks tokens of the sender for votes, one to one. The token's allowance for the voting token comes first: `approve`. */
export function lockVotes({ votingToken, holder, amount }: LockVotesArgs): Call {
  return encodeCall({
    contract: 'VotingToken',
    to: votingToken,
    abi: votingTokenAbi,
    functionName: 'depositFor',
    args: [holder, amount],
  })
}
