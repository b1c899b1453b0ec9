import { castVote, readPastVotesOf, readProposalStatus, type Support, supports } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import {
  GovernanceError,
  openProposal,
  type PlacedProposal,
  readNow,
  spanText,
} from '../../governance/open-governance.ts'
import { connect } from '../../open-network.ts'
import { tokens } from '../../output/amounts.ts'
import { oneOf, proposalNumber } from '../../parse-options.ts'
import { governanceGroup } from './group.ts'

interface VoteOptions {
  readonly reason?: string
  readonly account?: string
}

export const governanceVote: Register = (program, act) => {
  withAccount(
    governanceGroup(program)
      .command('vote')
      .description('vote with everything the account had when voting began; a vote can not be changed')
      .argument('<proposal>', 'its number or id', proposalNumber)
      .argument('<vote>', 'for, against or abstain', oneOf(...supports))
      .option('--reason <text>', 'kept in the vote’s event'),
  ).action(
    act(async (cli, wanted: bigint, support: Support, { reason, account: name }: VoteOptions) => {
      const open = await connect(cli)
      const { governance, proposal, status: before } = await openProposal(open, wanted)
      const { governor, votingToken } = governance
      const { id, snapshot: time } = proposal
      const account = await openAccount(cli, name)
      const voter = account.address
      if (before.state !== 'active') throw notActive(proposal, before.state, await readNow(open))
      if (proposal.votes.some((vote) => vote.voter === voter)) throw alreadyVoted(proposal, voter)
      const weight = await readPastVotesOf(open.client, { votingToken, account: voter, time })
      if (weight === 0n) throw noVotes(proposal)
      await submitterFor(open.client, account).submit(
        castVote(governor, { id, support, ...(reason === undefined ? {} : { reason }) }),
        { signal: cli.signal },
      )
      const status = await readProposalStatus(open, { governor, id })
      cli.output.result(
        { proposal: proposal.place, id: String(id), voter, support, weight, ...status },
        `${tokens(weight)} votes ${support} proposal ${proposal.place}. For ${tokens(status.tally.for)}, against ${tokens(status.tally.against)}, quorum ${tokens(status.quorum ?? 0n)}.`,
      )
    }),
  )
}

function notActive({ place, snapshot }: PlacedProposal, state: string, now: number): GovernanceError {
  const isEarly = state === 'pending'
  return new GovernanceError({
    code: isEarly ? 'voting_not_begun' : 'voting_over',
    field: 'proposal',
    value: state,
    message: isEarly
      ? `Voting on proposal ${place} has not begun.`
      : `Voting on proposal ${place} is over: it is ${state}.`,
    fix: isEarly
      ? `Vote in ${spanText(Math.max(1, snapshot + 1 - now))}.`
      : `See what became of it with \`cairn governance show ${place}\`.`,
  })
}

function alreadyVoted({ place, votes }: PlacedProposal, voter: string): GovernanceError {
  const cast = votes.find((vote) => vote.voter === voter)
  return new GovernanceError({
    code: 'already_voted',
    field: 'account',
    value: voter,
    message: `${voter} has voted on proposal ${place}: ${cast?.support}.`,
    fix: 'Nothing: a vote can not be changed.',
  })
}

function noVotes({ place }: PlacedProposal): GovernanceError {
  return new GovernanceError({
    code: 'no_votes',
    field: 'account',
    value: String(place),
    message: `The account had no votes when voting on proposal ${place} began; what was locked later does not count in it.`,
    fix: 'Lock tokens with `cairn governance lock` before the next proposal’s vote begins.',
  })
}
