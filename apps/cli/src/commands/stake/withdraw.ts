import { type Role, roles, withdraw } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { openNetwork } from '../../open-network.ts'
import { oneOf } from '../../parse-options.ts'
import { stakeGroup } from './group.ts'

export const stakeWithdraw: Register = (program, act) => {
  withAccount(
    stakeGroup(program)
      .command('withdraw')
      .description('take out what was asked to exit')
      .argument('<role>', roles.join(', '), oneOf(...roles)),
  ).action(
    act(async (cli, role: Role, { account: name }: { account?: string }) => {
      const open = await openNetwork(cli)
      const account = await openAccount(cli, name)
      await submitterFor(open.client, account).submit(
        withdraw(open.deployment, { network: open.file.network, role }),
        { signal: cli.signal },
      )
      cli.output.result({ role, holder: account.address }, `Withdrawn to ${account.address}.`)
    }),
  )
}
