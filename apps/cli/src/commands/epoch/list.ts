import { epochAt } from '@cairn/chain'
import { InvalidArgumentError } from 'commander'
import type { Register } from '../../command.ts'
import { epochRow } from '../../epoch-rows.ts'
import { openNetwork } from '../../open-network.ts'
import { short, tokens } from '../../output/amounts.ts'
import { epochsText } from '../../output/epochs.ts'
import { table } from '../../output/table.ts'
import { epochGroup } from './group.ts'

export const epochList: Register = (program, act) => {
  epochGroup(program)
    .command('list')
    .description('what became of the last epochs, newest last')
    .option('--last <count>', 'how many', parseCount, 20)
    .action(
      act(async (cli, { last }: { last: number }) => {
        const open = await openNetwork(cli)
        const newest = epochAt(open.followed.history.timeline, open.now)
        const rows = []
        for (let epoch = Math.max(0, newest - last + 1); epoch <= newest; epoch++)
          rows.push(await epochRow(open, epoch))
        const text = table(
          ['epoch', 'state', 'reports', 'work', 'devices', 'budget', 'root'],
          rows.map((row) => [
            row.epoch,
            row.state,
            row.evidenceCount,
            row.totalWork,
            row.devices,
            row.budget === null ? '' : tokens(row.budget),
            row.root === null ? '' : `${short(row.root)} (${epochsText(...row.range!)})`,
          ]),
        )
        cli.output.result(rows, text)
      }),
    )
}

function parseCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= 10_000) return count
  throw new InvalidArgumentError('expected a whole number from 1 to 10000')
}
