import { executeProposal, type ProposalStatus } from '@cairn/chain'
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
import { proposalNumber } from '../../parse-options.ts'
import { governanceGroup } from './group.ts'

export const governanceExecute: Register = (program, act) => {
  withAccount(
    governanceGroup(program)
      .command('execute')
      .description('have the timelock do what a queued proposal says; anybody may')
      .argument('<proposal>', 'its number or id', proposalNumber),
  ).action(
    act(async (cli, wanted: bigint, { account: name }: { account?: string }) => {
      const open = await connect(cli)
      const { governance, proposal, status } = await openProposal(open, wanted)
      requireDue(proposal, status, await readNow(open))
      const submitter = submitterFor(open.client, await openAccount(cli, name))
      const submission = await submitter.submit(executeProposal(governance.governor, proposal), {
        signal: cli.signal,
      })
      const transaction = submission.status === 'mined' ? submission.receipt.transactionHash : null
      cli.output.result(
        { proposal: proposal.place, id: String(proposal.id), state: 'executed', transaction },
        `Proposal ${proposal.place} is executed. A ruleset or quarantine acts from the next epoch on.`,
      )
    }),
  )
}

function requireDue({ place }: PlacedProposal, { state, executableAt }: ProposalStatus, now: number): void {
  if (state !== 'queued') {
    throw new GovernanceError({
      code: 'not_queued',
      field: 'proposal',
      value: state,
      message: `Proposal ${place} can not be executed: it is ${state}.`,
      fix:
        state === 'succeeded'
          ? `Queue it first: \`cairn governance queue ${place}\`.`
          : `See where it stands with \`cairn governance show ${place}\`.`,
    })
  }
  const wait = (executableAt ?? now) - now
  if (wait <= 0) return
  throw new GovernanceError({
    code: 'too_early',
    field: 'proposal',
    value: state,
    message: `The timelock’s delay for proposal ${place} is not over.`,
    fix: `Execute it in ${spanText(wait)}.`,
  })
}
