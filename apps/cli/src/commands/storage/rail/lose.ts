import { loseRail } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../../account.ts'
import type { Register } from '../../../command.ts'
import { connect } from '../../../open-network.ts'
import { railId } from '../../../parse-options.ts'
import { railGroup } from './group.ts'
import { describeRail, readRailStanding } from './standing.ts'

export const storageRailLose: Register = (program, act) => {
  withAccount(
    railGroup(program)
      .command('lose')
      .description('end a rail that missed too many periods in a row, and open it for repair; anybody can')
      .argument('<rail>', 'id', railId),
  ).action(
    act(async (cli, rail: bigint, { account: name }: { account?: string }) => {
      const open = await connect(cli)
      await submitterFor(open.client, await openAccount(cli, name)).submit(
        loseRail(open.deployment, { rail }),
        { signal: cli.signal },
      )
      const after = await readRailStanding(open, { rail })
      const next = `Any operator may repair it now: \`cairn storage repair claim ${rail} <device>\`.`
      cli.output.result(after, `${describeRail(after)}\n${next}`)
    }),
  )
}
