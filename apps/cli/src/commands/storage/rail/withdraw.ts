import { readRailAccountOf, withdrawRail } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../../account.ts'
import type { Register } from '../../../command.ts'
import { connect } from '../../../open-network.ts'
import { exactDollars } from '../../../output/amounts.ts'
import { railId } from '../../../parse-options.ts'
import { railGroup } from './group.ts'
import { describeRail, readRailStanding } from './standing.ts'

export const storageRailWithdraw: Register = (program, act) => {
  withAccount(
    railGroup(program)
      .command('withdraw')
      .description("give back to the payer's credits what a rail that is over does not owe; anybody can")
      .argument('<rail>', 'id', railId),
  ).action(
    act(async (cli, rail: bigint, { account: name }: { account?: string }) => {
      const open = await connect(cli)
      const before = await readRailAccountOf(open, { rail })
      await submitterFor(open.client, await openAccount(cli, name)).submit(
        withdrawRail(open.deployment, { rail }),
        { signal: cli.signal },
      )
      const after = await readRailStanding(open, { rail })
      const withdrawn = before.credits - after.credits
      cli.output.result(
        { withdrawn, ...after },
        `${exactDollars(withdrawn)} are ${after.payer}'s to spend again.\n${describeRail(after)}`,
      )
    }),
  )
}
