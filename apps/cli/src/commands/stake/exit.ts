import { type Role, requestExit, roles } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { openNetwork } from '../../open-network.ts'
import { tokens } from '../../output/amounts.ts'
import { oneOf, tokenAmount } from '../../parse-options.ts'
import { stakeGroup } from './group.ts'

export const stakeExit: Register = (program, act) => {
  withAccount(
    stakeGroup(program)
      .command('exit')
      .description('take stake out of the next snapshots; withdraw it after the delay')
      .argument('<role>', roles.join(', '), oneOf(...roles))
      .argument('<amount>', "in the network's token", tokenAmount),
  ).action(
    act(async (cli, role: Role, amount: bigint, { account: name }: { account?: string }) => {
      const open = await openNetwork(cli)
      const account = await openAccount(cli, name)
      await submitterFor(open.client, account).submit(
        requestExit(open.deployment, { network: open.file.network, role, amount }),
        { signal: cli.signal },
      )
      const { exitSeconds } = open.followed.history.timeline
      cli.output.result(
        { role, holder: account.address, amount, exitSeconds },
        `${tokens(amount)} leave in ${exitSeconds} s, if nothing it answers for is open then: \`cairn stake withdraw ${role}\`.`,
      )
    }),
  )
}
