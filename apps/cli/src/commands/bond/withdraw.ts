import { clearBondExit, readBondOf, withdrawBond } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { newestFinal, parseIndex, requireDevice } from '../../devices.ts'
import { openNetwork } from '../../open-network.ts'
import { tokens } from '../../output/amounts.ts'
import { bondGroup } from './group.ts'

const none = `0x${'00'.repeat(32)}` as const

export const bondWithdraw: Register = (program, act) => {
  withAccount(
    bondGroup(program)
      .command('withdraw')
      .description('clear an exit once its epochs are final; later, take out what has left')
      .argument('<device>', 'device index', parseIndex),
  ).action(
    act(async (cli, index: number, { account: name }: { account?: string }) => {
      const open = await openNetwork(cli)
      requireDevice(open, index)
      const { network } = open.file
      const account = await openAccount(cli, name)
      const submitter = submitterFor(open.client, account)
      const { signal } = cli
      const before = await readBondOf(open, { network, index })
      if (!before.cleared) {
        const rootId = newestFinal(open.followed)?.rootId ?? none
        await submitter.submit(clearBondExit(open.deployment, { network, index, rootId }), { signal })
        const { withdrawableAt } = await readBondOf(open, { network, index })
        const waitSeconds = Math.max(0, Number(withdrawableAt) - open.now)
        cli.output.result(
          { device: index, cleared: true, withdrawn: 0n, withdrawableAt: Number(withdrawableAt) },
          `Its epochs are final. \`cairn bond withdraw ${index}\` again in ${waitSeconds} s: until then what they found can be executed.`,
        )
        return
      }
      await submitter.submit(withdrawBond(open.deployment, { network, index }), { signal })
      cli.output.result(
        { device: index, cleared: true, withdrawn: before.exiting, withdrawableAt: null },
        `${tokens(before.exiting)} withdrawn to ${account.address}.`,
      )
    }),
  )
}
