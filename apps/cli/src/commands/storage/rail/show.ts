import type { Register } from '../../../command.ts'
import { connect } from '../../../open-network.ts'
import { railId } from '../../../parse-options.ts'
import { railGroup } from './group.ts'
import { describeRail, readRailStanding } from './standing.ts'

export const storageRailShow: Register = (program, act) => {
  railGroup(program)
    .command('show')
    .description('what a rail has, costs, earned, paid and holds back, how long it lasts, and its faults')
    .argument('<rail>', 'id, as `cairn storage rail open` told it', railId)
    .action(
      act(async (cli, rail: bigint) => {
        const standing = await readRailStanding(await connect(cli), { rail })
        cli.output.result(standing, describeRail(standing))
      }),
    )
}
