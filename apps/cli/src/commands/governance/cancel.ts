import { cancelProposal } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { GovernanceError, openProposal } from '../../governance/open-governance.ts'
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
      const { governance, proposal, status } = await openProposal(open, wanted)
      const { id, place } = proposal
      const { state } = status
      const account = await openAccount(cli, name)
      if (state !== 'pending' || proposal.proposer !== account.address) {
        throw new GovernanceError({
          code: 'not_pending',
          field: 'proposal',
          value: state,
          message: `Proposal ${place} is ${state}, and ${proposal.proposer} made it: nobody but its proposer can take it back, and only before its vote begins.`,
          fix: `Vote against it: \`cairn governance vote ${place} against\`.`,
        })
      }
      await submitterFor(open.client, account).submit(cancelProposal(governance.governor, proposal), {
        signal: cli.signal,
      })
      cli.output.result(
        { proposal: place, id: String(id), state: 'canceled' },
        `Proposal ${place} is taken back.`,
      )
    }),
  )
}
