import { InvalidArgumentError } from 'commander'
import type { Register } from '../../command.ts'
import { epochRow, evidenceOf } from '../../epoch-rows.ts'
import { openNetwork } from '../../open-network.ts'
import { tokens } from '../../output/amounts.ts'
import { epochsText } from '../../output/epochs.ts'
import { table } from '../../output/table.ts'
import { epochGroup } from './group.ts'

export const epochShow: Register = (program, act) => {
  epochGroup(program)
    .command('show')
    .description('one epoch: its evidence, its root and who attested it')
    .argument('<epoch>', 'number of the epoch', parseEpoch)
    .action(
      act(async (cli, epoch: number) => {
        const open = await openNetwork(cli)
        const { history } = open.followed
        const row = await epochRow(open, epoch)
        const root = history.roots.covering(epoch)
        const evidence = evidenceOf(history, epoch).map(({ slot, ingest, count, sizeBytes, root }) => ({
          slot,
          ingest,
          count,
          sizeBytes,
          root,
        }))
        const attestations = root?.attestations ?? []
        const beacon = history.beaconOf(epoch) ?? null
        const ruleset = history.rulesetAt(epoch)?.hash ?? null
        const lines = [
          `epoch ${epoch}: ${row.state}, ${row.evidenceCount} reports, ${row.devices} devices, budget ${row.budget === null ? 'not known before its end' : tokens(row.budget)}`,
          `beacon  ${beacon ?? 'not captured'}`,
          `ruleset ${ruleset ?? 'none'}`,
          row.root === null
            ? 'no root covers it yet'
            : `root    ${row.root} (${epochsText(...row.range!)}), work ${row.totalWork}`,
          ...attestations.map(
            ({ verifier, weight }) => `        attested by ${verifier}, weight ${tokens(weight)}`,
          ),
          '',
          table(
            ['slot', 'ingest', 'reports', 'bytes', 'evidence root'],
            evidence.map((slot) => [slot.slot, slot.ingest, slot.count, slot.sizeBytes, slot.root]),
          ),
        ]
        cli.output.result({ ...row, beacon, ruleset, evidence, attestations }, lines.join('\n'))
      }),
    )
}

function parseEpoch(text: string): number {
  const epoch = Number(text)
  if (Number.isInteger(epoch) && epoch >= 0 && epoch < 2 ** 32) return epoch
  throw new InvalidArgumentError('expected the number of an epoch')
}
