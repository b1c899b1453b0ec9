import { epochAt, roles } from '@cairn/chain'
import type { Register } from '../../command.ts'
import { openNetwork } from '../../open-network.ts'
import { tokens } from '../../output/amounts.ts'
import { table } from '../../output/table.ts'
import { stakeGroup } from './group.ts'

export const stakeShow: Register = (program, act) => {
  stakeGroup(program)
    .command('show')
    .description(
      'who has a bond, how much of it counts now, how many roots in a row a verifier has missed, and where they serve',
    )
    .action(
      act(async (cli) => {
        const { followed, now } = await openNetwork(cli)
        const { stakes, timeline } = followed.history
        const epoch = epochAt(timeline, now)
        const rows = roles.flatMap((role) => {
          const urls = new Map(stakes.endpoints(role).map(({ holder, url }) => [holder, url]))
          return stakes.holders(role).map((holder) => ({
            role,
            holder,
            bond: stakes.slashableOf(role, holder),
            weight: stakes.weightOf(role, holder, epoch),
            missed: role === 'verifier' ? stakes.missedBy(holder) : null,
            url: urls.get(holder) ?? null,
          }))
        })
        cli.output.result(
          rows,
          table(
            ['role', 'holder', 'bond', 'weight', 'missed', 'url'],
            rows.map((row) => [
              row.role,
              row.holder,
              tokens(row.bond),
              tokens(row.weight),
              row.missed === null ? '' : String(row.missed),
              row.url ?? '',
            ]),
          ),
        )
      }),
    )
}
