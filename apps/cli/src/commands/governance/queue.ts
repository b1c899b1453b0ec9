import { type ProposalStatus, queueProposal, readProposalStatus } from '@cairn/chain'
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
import { proposalNumber } from '../../parse-options.ts'
import { governanceGroup } from './group.ts'

export const governanceQueue: Register = (program, act) => {
  withAccount(
    governanceGroup(program)
      .command('queue')
      .description('schedule a proposal that passed with the timelock; anybody may')
      .argument('<proposal>', 'its number or id', proposalNumber),
  ).action(
    act(async (cli, wanted: bigint, { account: name }: { account?: string }) => {
      const open = await connect(cli)
      const { governance, proposal, status: before } = await openProposal(open, wanted)
      const { governor } = governance
      const { id } = proposal
      if (before.state !== 'succeeded') throw notPassed(proposal, before, await readNow(open))
      const submitter = submitterFor(open.client, await openAccount(cli, name))
      await submitter.submit(queueProposal(governor, proposal), { signal: cli.signal })
      const status = await readProposalStatus(open, { governor, id })
      const wait = Math.max(0, (status.executableAt ?? 0) - (await readNow(open)))
      cli.output.result(
        { proposal: proposal.place, id: String(id), ...status },
        `Proposal ${proposal.place} is queued; in ${spanText(wait)}: \`cairn governance execute ${proposal.place}\`.`,
      )
    }),
  )
}

function notPassed({ place }: PlacedProposal, status: ProposalStatus, now: number): GovernanceError {
  const { state, deadline } = status
  const isQueued = state === 'queued' || state === 'executed'
  return new GovernanceError({
    code: isQueued ? 'already_queued' : 'not_passed',
    field: 'proposal',
    value: state,
    message: `Proposal ${place} can not be queued: it ${whyNot(status)}.`,
    fix:
      state === 'active' || state === 'pending'
        ? `Voting ends in ${spanText(Math.max(1, deadline + 1 - now))}.`
        : isQueued
          ? 'Nothing: it is queued already; `cairn governance execute` is next.'
          : 'Propose it again, with another title or text.',
  })
}

/** What keeps a proposal from being queued. */
function whyNot({ state, tally, quorum }: ProposalStatus): string {
  const cast = tally.for + tally.abstain
  if (state === 'defeated' && quorum !== undefined && cast < quorum)
    return `missed its quorum: ${tokens(cast)} of ${tokens(quorum)} votes for or abstaining`
  if (state === 'defeated') return `was defeated: ${tokens(tally.for)} for, ${tokens(tally.against)} against`
  if (state === 'active' || state === 'pending') return 'is still voted on'
  return `is ${state}`
}
