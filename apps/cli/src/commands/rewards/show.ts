import type { Register } from '../../command.ts'
import { collectIndexes, deviceRewards, newestFinal, requireDevice } from '../../devices.ts'
import { openNetwork, openRecomputer } from '../../open-network.ts'
import { short, tokens } from '../../output/amounts.ts'
import { table } from '../../output/table.ts'
import { rewardsGroup } from './group.ts'

export const rewardsShow: Register = (program, act) => {
  rewardsGroup(program)
    .command('show')
    .description('what devices have earned, claimed and can claim, by the newest final root')
    .argument('[devices...]', 'device indexes; all when left out', collectIndexes)
    .action(
      act(async (cli, indexes: readonly number[] | undefined) => {
        const open = await openNetwork(cli)
        const final = newestFinal(open.followed)
        const state = await openRecomputer(open, cli, { cached: true }).stateOf(
          final?.rootId ?? `0x${'00'.repeat(32)}`,
        )
        const devices = indexes?.length ? indexes : state.cumulative.map((_, index) => index)
        const rows = []
        for (const device of devices) {
          requireDevice(open, device)
          rows.push(await deviceRewards(open, device, state.cumulative[device] ?? 0n))
        }
        const text = table(
          ['device', 'owner', 'earned', 'claimed', 'claimable'],
          rows.map((row) => [
            row.device,
            short(row.owner),
            tokens(row.cumulative),
            tokens(row.claimed),
            tokens(row.claimable),
          ]),
        )
        const until =
          final === undefined
            ? 'No root is final yet.'
            : `As of epoch ${final.root.last}, root ${short(final.rootId)}.`
        cli.output.result(
          { root: final?.rootId ?? null, last: final?.root.last ?? null, devices: rows },
          `${text}\n\n${until}`,
        )
      }),
    )
}
