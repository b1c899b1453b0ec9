import { epochAt } from '@cairn/chain'
import { readBondStanding } from '../../bond-standing.ts'
import type { Register } from '../../command.ts'
import { parseIndex, requireDevice } from '../../devices.ts'
import { openNetwork } from '../../open-network.ts'
import { tokens } from '../../output/amounts.ts'
import { table } from '../../output/table.ts'
import { bondGroup } from './group.ts'

export const bondShow: Register = (program, act) => {
  bondGroup(program)
    .command('show')
    .description("devices' bonds, whether they are the least of their class, and public scores")
    .argument('[device]', 'device index; every device when left out', parseIndex)
    .action(
      act(async (cli, device: number | undefined) => {
        const open = await openNetwork(cli)
        const { network } = open.file
        const { history } = open.followed
        if (device !== undefined) requireDevice(open, device)
        const indexes = device === undefined ? [...Array(history.deviceCount).keys()] : [device]
        const epoch = epochAt(history.timeline, open.now)
        const rows = await Promise.all(
          indexes.map(async (index) => {
            const standing = await readBondStanding(open, { network, index, epoch })
            const { amount, exiting, least, bonded, score, cleared } = standing
            const withdrawableAt = exiting === 0n ? null : Number(standing.withdrawableAt)
            return { device: index, bond: amount, exiting, least, bonded, score, cleared, withdrawableAt }
          }),
        )
        cli.output.result(
          rows,
          table(
            ['device', 'bond', 'leaving', 'least', 'bonded', 'score'],
            rows.map((row) => [
              row.device,
              tokens(row.bond),
              tokens(row.exiting),
              tokens(row.least),
              row.bonded ? 'yes' : 'no',
              row.score,
            ]),
          ),
        )
      }),
    )
}
