import { readDataSet } from '@cairn/chain'
import { BaseError } from '@cairn/protocol'
import { Option } from 'commander'
import type { Cli, Register } from '../../command.ts'
import { openNetwork } from '../../open-network.ts'
import { table } from '../../output/table.ts'
import { timeSpan } from '../../output/time-span.ts'
import { duration, share, wholeNumber } from '../../parse-options.ts'
import { storageGroup } from './group.ts'
import type { Odds } from './storage-tools.ts'

/** Thrown for a data set that the odds can not be told of. Code: `empty_set`. */
class OddsError extends BaseError {
  override readonly name = 'OddsError'
}

interface OddsOptions {
  /** Parts of a billion. */
  readonly missing: bigint
  readonly challenges: number
  /** Seconds. */
  readonly period: number
  readonly set?: number
}

export const storageOdds: Register = (program, act) => {
  storageGroup(program)
    .command('odds')
    .description('how soon possession proofs find what an operator does not have any more')
    .addOption(
      new Option('--missing <share>', 'share of the leaves that is gone')
        .argParser(share)
        .default(10_000_000n, '1%'),
    )
    .option('--challenges <count>', 'leaves asked for in each period', wholeNumber(1, 64), 5)
    .addOption(
      new Option('--period <time>', 'length of a proving period').argParser(duration).default(86_400, '1d'),
    )
    .option('--set <id>', 'take terms and size of this data set, instead of the two before', wholeNumber(0))
    .addHelpText(
      'after',
      `
Not found by these proofs: that two sets have copies of their own, or that bytes were fetched from elsewhere for the proof.

Examples:
  cairn storage odds --missing 1% --challenges 5 --period 1d
  cairn storage odds --missing 0.1% --set 0`,
    )
    .action(
      act(async (cli, options: OddsOptions) => {
        const { deriveOdds } = await cli.tools.storage()
        const terms = options.set === undefined ? termsOf(options) : await readTerms(cli, options.set)
        // A share of a leaf that is gone is a leaf that can not be shown.
        const missing = (terms.total * options.missing + 999_999_999n) / 1_000_000_000n
        const odds = deriveOdds({ ...terms, missing })
        cli.output.result({ set: options.set, ...odds }, describe(odds))
      }),
    )
}

const termsOf = ({ challenges, period }: OddsOptions) => ({
  total: 1_000_000_000n,
  challenges,
  periodSeconds: period,
})

const readTerms = async (cli: Cli, set: number) => {
  const open = await openNetwork(cli)
  const { terms, leaves } = await readDataSet(open, { set: BigInt(set) })
  if (leaves === 0n) {
    throw new OddsError({
      code: 'empty_set',
      message: `Data set ${set} has no leaves, so nothing can be missing of it.`,
      fix: 'Name a set that holds something.',
      field: 'set',
      value: String(set),
    })
  }
  const periodSeconds = terms.periodEpochs * open.followed.history.timeline.epochSeconds
  return { total: leaves, challenges: terms.challenges, periodSeconds }
}

/** Rounded down: what is not certain is not shown as if it were. */
const percent = (ppb: number): string => `${(Math.floor(ppb / 1e5) / 100).toFixed(2)} %`

const describe = ({ missing, total, challenges, periodSeconds, ...odds }: Odds): string => {
  const gone = `${missing} of ${total} leaves missing, ${challenges} asked for every ${timeSpan(periodSeconds)}`
  if (odds.meanSeconds === undefined) return `${gone}: nothing to find.`
  const within = odds.within.map(({ days, periods, ppb }) => [`${days} d`, periods, percent(ppb)])
  const until = odds.until.map(({ ppb, periods, seconds }) => [
    percent(ppb),
    periods ?? 'never',
    seconds === undefined ? '' : timeSpan(seconds),
  ])
  const mean = `${(Number(odds.meanPeriodsMilli) / 1000).toFixed(1)} periods, ${timeSpan(Number(odds.meanSeconds))}`
  return [
    gone,
    `found on average after ${mean}`,
    '',
    table(['within', 'periods', 'found'], within),
    '',
    table(['found', 'periods', 'after'], until),
  ].join('\n')
}
