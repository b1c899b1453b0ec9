import { type Address, type Client, zeroAddress } from 'viem'
import { readContract } from 'viem/actions'
import { votingTokenAbi } from '../generated/voting-token.ts'

/** What an account has to say. */
export interface Votes {
  /** Its own locked tokens. */
  readonly locked: bigint
  /** What it votes with now: its own, and others' that chose it. */
  readonly votes: bigint
  /** Who votes with its own; undefined for nobody. */
  readonly delegate: Address | undefined
}

/** An account's locked tokens and votes. */
export async function readVotesOf(
  client: Client,
  { votingToken, account }: { readonly votingToken: Address; readonly account: Address },
): Promise<Votes> {
  const ask = { address: votingToken, abi: votingTokenAbi, args: [account] } as const
  const [locked, votes, delegate] = await Promise.all([
    readContract(client, { ...ask, functionName: 'balanceOf' }),
    readContract(client, { ...ask, functionName: 'getVotes' }),
    readContract(client, { ...ask, functionName: 'delegates' }),
  ])
  return { locked, votes, delegate: delegate === zeroAddress ? undefined : delegate }
}

/** What an account had to say at a second that is past: the snapshot of a proposal. */
export async function readPastVotesOf(
  client: Client,
  {
    votingToken,
    account,
    time,
  }: { readonly votingToken: Address; readonly account: Address; readonly time: number },
): Promise<bigint> {
  return readContract(client, {
    address: votingToken,
    abi: votingTokenAbi,
    functionName: 'getPastVotes',
    args: [account, BigInt(time)],
  })
}
