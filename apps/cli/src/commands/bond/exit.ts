import { readBondOf, requestBondExit } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { parseIndex } from '../../devices.ts'
import { connect } from '../../open-network.ts'
import { tokens } from '../../output/amounts.ts'
import { tokenAmount } from '../../parse-options.ts'
import { bondGroup } from './group.ts'

export const bondExit: Register = (program, act) => {
  withAccount(
    bondGroup(program)
      .command('exit')
      .description("ask for a device's bond back; it stays slashable until it is withdrawn")
      .argument('<device>', 'device index', parseIndex)
      .argument('<amount>', "in the network's token", tokenAmount),
  ).action(
    act(async (cli, index: number, amount: bigint, { account: name }: { account?: string }) => {
      const open = await connect(cli)
      const { network } = open.file
      await submitterFor(open.client, await openAccount(cli, name)).submit(
        requestBondExit(open.deployment, { network, index, amount }),
        { signal: cli.signal },
      )
      const { withdrawableAt, exitEpoch } = await readBondOf(open, { network, index })
      cli.output.result(
        { device: index, amount, withdrawableAt: Number(withdrawableAt), exitEpoch },
        `${tokens(amount)} of device ${index} leave when every epoch before ${exitEpoch} is final: \`cairn bond withdraw ${index}\`.`,
      )
    }),
  )
}
