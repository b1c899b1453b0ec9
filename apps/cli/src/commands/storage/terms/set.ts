import { type RailTerms, setRailTerms } from '@cairn/chain'
import { InvalidArgumentError } from 'commander'
import { openAccount, submitterFor, withAccount } from '../../../account.ts'
import type { Register } from '../../../command.ts'
import { connect } from '../../../open-network.ts'
import { dollarAmount, wholeNumber } from '../../../parse-options.ts'
import { describeTerms } from './describe-terms.ts'
import { termsGroup } from './group.ts'

/** Before so many proven periods, so much is held back. */
interface HeldStep {
  readonly until: number
  readonly bps: number
}

interface TermsOptions {
  readonly program: number
  readonly lostAfter: number
  readonly notice: number
  readonly repairPeriods: number
  readonly repairPrice: bigint
  readonly held?: readonly HeldStep[]
  readonly proposal: boolean
  readonly account?: string
}

export const storageTermsSet: Register = (program, act) => {
  withAccount(
    termsGroup(program)
      .command('set')
      .description("set the terms of rails that are opened from now on; by the network's owner")
      .requiredOption('--repair-price <dollars>', 'for a TiB that is repaired', dollarAmount)
      .option('--program <number>', 'of credits, which rails are spent on', wholeNumber(0, 3), 0)
      .option('--lost-after <periods>', 'missed in a row', wholeNumber(1, 255), 3)
      .option('--notice <periods>', 'as many or more', wholeNumber(1, 65_535), 14)
      .option('--repair-periods <periods>', 'left to prove a repair', wholeNumber(1, 255), 3)
      .option(
        '--held <periods:percent>',
        'before so many proven periods so much of the pay is held back; up to four times, longest last',
        collectHeld,
      )
      .option('--proposal', 'send nothing, and print the call for `cairn governance propose --call`', false),
  ).action(
    act(async (cli, options: TermsOptions) => {
      const open = await connect(cli)
      const { network } = open.file
      const terms = termsOf(options)
      const call = setRailTerms(open.deployment, { network, terms })
      if (options.proposal) {
        cli.output.result({ to: call.to, data: call.data, terms }, `${call.to}:${call.data}`)
        return
      }
      await submitterFor(open.client, await openAccount(cli, options.account)).submit(call, {
        signal: cli.signal,
      })
      cli.output.result(terms, describeTerms(terms))
    }),
  )
}

const termsOf = ({ held = [], ...options }: TermsOptions): RailTerms => {
  // Steps that were not given hold back nothing, and end with the last one that was.
  const last: HeldStep = { until: held.at(-1)?.until ?? 0, bps: 0 }
  const step = (index: number) => held[index] ?? last
  return {
    program: options.program,
    lostAfter: options.lostAfter,
    repairPeriods: options.repairPeriods,
    noticePeriods: options.notice,
    repairPrice: options.repairPrice,
    heldUntil: [step(0).until, step(1).until, step(2).until, step(3).until],
    heldBps: [step(0).bps, step(1).bps, step(2).bps, step(3).bps],
  }
}

function collectHeld(text: string, before: readonly HeldStep[] = []): readonly HeldStep[] {
  const [, until, percent] = /^(\d{1,5}):(\d{1,3})$/.exec(text) ?? []
  const step = { until: Number(until), bps: Number(percent) * 100 }
  if (before.length < 4 && step.until <= 65_535 && step.bps <= 10_000) return [...before, step]
  throw new InvalidArgumentError('expected periods and a percentage, like 90:75, at most four times')
}
