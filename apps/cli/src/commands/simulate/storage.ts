import type { Register } from '../../command.ts'
import { table } from '../../output/table.ts'
import { wholeNumber } from '../../parse-options.ts'
import { Negative } from '../../run-cli.ts'
import type { StorageSimulation } from '../storage/storage-tools.ts'
import { simulateGroup } from './group.ts'

interface StorageOptions {
  readonly seeds: number
  readonly firstSeed: number
  readonly challenges: number
}

export const simulateStorage: Register = (program, act) => {
  simulateGroup(program)
    .command('storage')
    .description('how soon dishonest storage operators are found, and honest ones blamed')
    .option('--seeds <count>', 'runs of each operator', wholeNumber(1, 10_000), 60)
    .option('--first-seed <number>', 'seed of the first run', wholeNumber(0, 2 ** 32), 1)
    .option('--challenges <count>', 'leaves asked for in each period', wholeNumber(1, 64), 5)
    .addHelpText(
      'after',
      `
Trees, challenges, proofs, codes, placement and scores are the real ones; latency, power cuts and lines are models.
The same options give the same numbers. Ends with exit code 3 when a time to detection is not what the formula says (one case in twenty is not, by chance).`,
    )
    .action(
      act(async (cli, plan: StorageOptions) => {
        const tools = await cli.tools.storage()
        const simulation = await tools.simulateStorage(plan)
        cli.output.result(simulation, describe(simulation))
        if (simulation.detections.some(({ isWithinBand }) => !isWithinBand)) throw new Negative()
      }),
    )
}

const describe = ({ detections, unseen, standings }: StorageSimulation): string =>
  [
    'Found by possession proofs, in periods:',
    table(
      ['operator', 'missing %', 'formula', 'measured', '95 % band', 'within', 'runs'],
      detections.map((one) => [
        one.operator,
        one.missingPercent,
        one.expectedPeriods.toFixed(2),
        one.meanPeriods.toFixed(2),
        `${one.band[0].toFixed(2)} to ${one.band[1].toFixed(2)}`,
        one.isWithinBand ? 'yes' : 'NO',
        one.seeds,
      ]),
    ),
    'Not found by possession proofs, and what bounds it:',
    table(
      ['operator', 'found in', 'bound', 'is', ''],
      unseen.map(({ operator, periods, missed, bound, value, unit }) => [
        operator,
        periods === 0 ? '-' : `${missed} of ${periods} periods`,
        bound,
        value.toFixed(1),
        unit,
      ]),
    ),
    'Reputation, looked at every eight days (a payer reads and audits twice a day, four payers):',
    table(
      ['operator', 'days to half', 'days to none', 'ever reduced', 'ever none', 'missed %', 'runs'],
      standings.map((one) => [
        one.operator,
        one.daysToHalf?.toFixed(1) ?? '-',
        one.daysToNone?.toFixed(1) ?? '-',
        one.everReduced,
        one.everNone,
        one.periodsMissedPercent.toFixed(2),
        one.seeds,
      ]),
    ),
  ].join('\n\n')
