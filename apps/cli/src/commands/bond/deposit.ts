import { approve, depositBond, readIsBonded, readTokenOf } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { parseIndex } from '../../devices.ts'
import { connect } from '../../open-network.ts'
import { tokens } from '../../output/amounts.ts'
import { tokenAmount } from '../../parse-options.ts'
import { bondGroup } from './group.ts'

export const bondDeposit: Register = (program, act) => {
  withAccount(
    bondGroup(program)
      .command('deposit')
      .description("add to a device's bond, whoever owns it; it goes with the device's token")
      .argument('<device>', 'device index', parseIndex)
      .argument('<amount>', "in the network's token, like 100", tokenAmount),
  ).action(
    act(async (cli, index: number, amount: bigint, { account: name }: { account?: string }) => {
      const open = await connect(cli)
      const { network } = open.file
      const { signal } = cli
      const submitter = submitterFor(open.client, await openAccount(cli, name))
      const token = await readTokenOf(open, { network })
      const spender = open.deployment.addresses.operatorBonds
      await submitter.submit(approve({ token, spender, amount }), { signal })
      await submitter.submit(depositBond(open.deployment, { network, index, amount }), { signal })
      const bonded = await readIsBonded(open, { network, index })
      cli.output.result(
        { device: index, amount, bonded },
        `${tokens(amount)} more at stake for device ${index}${bonded ? '' : ', still less than the least of its class'}.`,
      )
    }),
  )
}
