import { readRail, settleRail } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../../account.ts'
import type { Register } from '../../../command.ts'
import { connect } from '../../../open-network.ts'
import { exactDollars } from '../../../output/amounts.ts'
import { railId } from '../../../parse-options.ts'
import { railGroup } from './group.ts'
import { describeRail, readRailStanding } from './standing.ts'

export const storageRailSettle: Register = (program, act) => {
  withAccount(
    railGroup(program)
      .command('settle')
      .description("pay the device's owner what is due; anybody can")
      .argument('<rail>', 'id', railId),
  ).action(
    act(async (cli, rail: bigint, { account: name }: { account?: string }) => {
      const open = await connect(cli)
      const before = await readRail(open, { rail })
      await submitterFor(open.client, await openAccount(cli, name)).submit(
        settleRail(open.deployment, { rail }),
        { signal: cli.signal },
      )
      const after = await readRailStanding(open, { rail })
      const now = after.paid - before.paid
      cli.output.result({ now, ...after }, `Paid ${exactDollars(now)} now.\n${describeRail(after)}`)
    }),
  )
}
