import { readVotesOf, unlockVotes } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { openGovernance } from '../../governance/open-governance.ts'
import { connect } from '../../open-network.ts'
import { tokens } from '../../output/amounts.ts'
import { tokenAmount } from '../../parse-options.ts'
import { governanceGroup } from './group.ts'

export const governanceUnlock: Register = (program, act) => {
  withAccount(
    governanceGroup(program)
      .command('unlock')
      .description('take locked tokens back, at once; votes that were cast stay cast')
      .argument('<amount>', "in the network's token", tokenAmount),
  ).action(
    act(async (cli, amount: bigint, { account: name }: { account?: string }) => {
      const open = await connect(cli)
      const { votingToken } = await openGovernance(open)
      const account = await openAccount(cli, name)
      await submitterFor(open.client, account).submit(
        unlockVotes({ votingToken, holder: account.address, amount }),
        { signal: cli.signal },
      )
      const votes = await readVotesOf(open.client, { votingToken, account: account.address })
      cli.output.result(
        { account: account.address, ...votes, delegate: votes.delegate ?? null },
        `${tokens(amount)} taken back; ${tokens(votes.locked)} stay locked.`,
      )
    }),
  )
}
