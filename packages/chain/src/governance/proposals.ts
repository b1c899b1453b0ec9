import type { Address, Hex } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { type FollowedEvent, followChain } from '../follow/follow-chain.ts'
import { networkGovernorAbi } from '../generated/network-governor.ts'
import { type Support, supports } from './cast-vote.ts'
import { type ProposalContent, type ProposalState, proposalStates } from './proposal.ts'

/** A vote as its event has it. */
export interface CastVote {
  readonly voter: Address
  readonly support: Support
  readonly weight: bigint
  readonly reason: string
}

/** A proposal as the governor's events tell it. */
export interface Proposal extends ProposalContent {
  readonly id: bigint
  readonly proposer: Address
  /** Unix seconds: votes are counted as they were then, and can be cast after it. */
  readonly snapshot: number
  readonly votes: readonly CastVote[]
  readonly transaction: Hex
}

/** Where a proposal stands now. */
export interface ProposalStatus {
  readonly state: ProposalState
  readonly tally: Readonly<Record<Support, bigint>>
  /** Votes for and abstaining that it needs; undefined before the snapshot, when nobody knows how many there will be. */
  readonly quorum: bigint | undefined
  /** Unix seconds: the last second to vote in. */
  readonly deadline: number
  /** Unix seconds from which it can be executed; undefined before it is queued. */
  readonly executableAt: number | undefined
}

/** Every proposal ever put to the governor, oldest first. */
export async function readProposals(
  { client, deployment }: ChainReader,
  { governor }: { readonly governor: Address },
): Promise<readonly Proposal[]> {
  let events: readonly FollowedEvent[] = []
  await followChain({
    client,
    addresses: [governor],
    abi: networkGovernorAbi,
    fromBlock: deployment.block,
    onEvents(more) {
      events = [...events, ...more]
    },
    onRollback(last) {
      events = events.filter(({ blockNumber }) => blockNumber <= last)
    },
  }).sync()
  const cast = events.filter(({ eventName }) => eventName.startsWith('VoteCast'))
  return events
    .filter(({ eventName }) => eventName === 'ProposalCreated')
    .map((event) => toProposal(event, cast))
}

/** State, votes and times of a proposal. */
export async function readProposalStatus(
  { client }: Pick<ChainReader, 'client'>,
  { governor, id }: { readonly governor: Address; readonly id: bigint },
): Promise<ProposalStatus> {
  const ask = { address: governor, abi: networkGovernorAbi, args: [id] } as const
  const [number, tally, deadline, eta, snapshot] = await Promise.all([
    readContract(client, { ...ask, functionName: 'state' }),
    readContract(client, { ...ask, functionName: 'proposalVotes' }),
    readContract(client, { ...ask, functionName: 'proposalDeadline' }),
    readContract(client, { ...ask, functionName: 'proposalEta' }),
    readContract(client, { ...ask, functionName: 'proposalSnapshot' }),
  ])
  const state = proposalStates[number]!
  const quorum =
    state === 'pending'
      ? undefined
      : await readContract(client, { ...ask, functionName: 'quorum', args: [snapshot] }).catch(
          () => undefined,
        )
  const [against, inFavour, abstain] = tally
  return {
    state,
    tally: { against, for: inFavour, abstain },
    quorum,
    deadline: Number(deadline),
    executableAt: eta === 0n ? undefined : Number(eta),
  }
}

interface CreatedArgs {
  readonly proposalId: bigint
  readonly proposer: Address
  readonly targets: readonly Address[]
  readonly values: readonly bigint[]
  readonly calldatas: readonly Hex[]
  readonly voteStart: bigint
  readonly description: string
}

interface CastArgs {
  readonly proposalId: bigint
  readonly voter: Address
  readonly support: number
  readonly weight: bigint
  readonly reason: string
}

function toProposal({ args, transactionHash }: FollowedEvent, cast: readonly FollowedEvent[]): Proposal {
  const created = args as unknown as CreatedArgs
  return {
    id: created.proposalId,
    proposer: created.proposer,
    actions: created.targets.map((to, i) => ({
      to,
      value: created.values[i]!,
      data: created.calldatas[i]!,
    })),
    description: created.description,
    snapshot: Number(created.voteStart),
    votes: cast
      .map((vote) => vote.args as unknown as CastArgs)
      .filter(({ proposalId }) => proposalId === created.proposalId)
      .map(({ voter, support, weight, reason }) => ({ voter, support: supports[support]!, weight, reason })),
    transaction: transactionHash,
  }
}
