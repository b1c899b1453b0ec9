import { endRail } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../../account.ts'
import type { Register } from '../../../command.ts'
import { connect } from '../../../open-network.ts'
import { railId } from '../../../parse-options.ts'
import { railGroup } from './group.ts'
import { describeRail, readRailStanding } from './standing.ts'

export const storageRailEnd: Register = (program, act) => {
  withAccount(
    railGroup(program)
      .command('end')
      .description("end a rail after its notice, by its payer or the device's owner")
      .argument('<rail>', 'id', railId),
  ).action(
    act(async (cli, rail: bigint, { account: name }: { account?: string }) => {
      const open = await connect(cli)
      await submitterFor(open.client, await openAccount(cli, name)).submit(
        endRail(open.deployment, { rail }),
        { signal: cli.signal },
      )
      const after = await readRailStanding(open, { rail })
      const next = `When period ${after.lastPeriod} is over, \`cairn storage rail withdraw ${rail}\` gives the payer back what it does not owe.`
      cli.output.result(after, `${describeRail(after)}\n${next}`)
    }),
  )
}
