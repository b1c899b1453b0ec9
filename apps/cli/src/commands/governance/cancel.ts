import { cancelProposal, readProposalStatus } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { findProposal, GovernanceError, openGovernance } from '../../governance/open-governance.ts'
import { connect } from '../../open-network.ts'
import { proposalNumber } from '../../parse-options.ts'
import { governanceGroup } from './group.ts'

export const governanceCancel: Register = (program, act) => {
  withAccount(
    governanceGroup(program)
      .command('cancel')
      .description('take back a proposal of one’s own before its vote begins')
      .argument('<proposal>', 'its number or id', proposalNumber),
  ).action(
    act(async (cli, wanted: bigint, { account: name }: { account?: string }) => {
      const open = await connect(cli)
      const governance = await openGovernance(open)
      const { governor } = governance
      const proposal = await findProposal(open, governance, wanted)
      const { id, place } = proposal
      const account = await openAccount(cli, name)
      const { state } = await readProposalStatus(open, { governor, id })
      if (state !== 'pending' || proposal.proposer !== account.address) {
        throw new GovernanceError({
          code: 'not_pending',
          field: 'proposal',
          value: state,
          message: `Proposal ${place} is ${state}, and ${proposal.proposer} made it: nobody but its proposer can take it back, and only before its vote begins.`,
          fix: `Vote against it: \`cairn governance vote ${place} against\`.`,
        })
      }
      await submitterFor(open.client, account).submit(cancelProposal(governor, proposal), {
        signal: cli.signal,
      })
      cli.output.result(
        { proposal: place, id: String(id), state: 'canceled' },
        `Proposal ${place} is taken back.`,
      )
    }),
  )
}
