import { completeRepair } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../../account.ts'
import type { Register } from '../../../command.ts'
import { connect } from '../../../open-network.ts'
import { railId } from '../../../parse-options.ts'
import { describeRail, readRailStanding } from '../rail/standing.ts'
import { repairGroup } from './group.ts'

export const storageRepairComplete: Register = (program, act) => {
  withAccount(
    repairGroup(program)
      .command('complete')
      .description("give a proven repair its reward and the lost rail's credits; anybody can")
      .argument('<rail>', 'id of the rail that repairs', railId),
  ).action(
    act(async (cli, rail: bigint, { account: name }: { account?: string }) => {
      const open = await connect(cli)
      await submitterFor(open.client, await openAccount(cli, name)).submit(
        completeRepair(open.deployment, { rail }),
        { signal: cli.signal },
      )
      const after = await readRailStanding(open, { rail })
      cli.output.result(after, describeRail(after))
    }),
  )
}
