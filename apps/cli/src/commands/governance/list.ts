import { readProposalStatus, readVotingRules } from '@cairn/chain'
import type { Register } from '../../command.ts'
import {
  openGovernance,
  readNow,
  readPlacedProposals,
  spanText,
  titleOf,
} from '../../governance/open-governance.ts'
import { connect } from '../../open-network.ts'
import { short, tokens } from '../../output/amounts.ts'
import { table } from '../../output/table.ts'
import { governanceGroup } from './group.ts'

export const governanceList: Register = (program, act) => {
  governanceGroup(program)
    .command('list')
    .description('every proposal and its state, and how is voted')
    .action(
      act(async (cli) => {
        const open = await connect(cli)
        const governance = await openGovernance(open)
        const { governor } = governance
        const rules = await readVotingRules(open.client, { governor, now: await readNow(open) })
        const proposals = await Promise.all(
          (await readPlacedProposals(open, governance)).map(async (proposal) => ({
            proposal: proposal.place,
            id: String(proposal.id),
            title: titleOf(proposal),
            proposer: proposal.proposer,
            ...(await readProposalStatus(open, { governor, id: proposal.id })),
          })),
        )
        const rows = proposals.map(({ proposal, state, tally, title, proposer }) => [
          proposal,
          state,
          tokens(tally.for),
          tokens(tally.against),
          tokens(tally.abstain),
          short(proposer),
          title,
        ])
        cli.output.result(
          { ...governance, rules, proposals },
          [
            `It takes ${tokens(rules.proposalThreshold)} votes to propose. Voting begins ${spanText(rules.delaySeconds)} later and lasts ${spanText(rules.periodSeconds)}; what passed waits ${spanText(rules.timelockSeconds)}.`,
            `Quorum: ${rules.quorumBps / 100} % of what is locked, at least ${tokens(rules.leastQuorum)}.`,
            '',
            rows.length === 0
              ? 'Nothing was proposed yet.'
              : table(['', 'state', 'for', 'against', 'abstain', 'proposer', 'title'], rows),
          ].join('\n'),
        )
      }),
    )
}
