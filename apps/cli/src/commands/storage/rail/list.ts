import type { Register } from '../../../command.ts'
import { parseIndex } from '../../../devices.ts'
import { connect } from '../../../open-network.ts'
import { exactDollars } from '../../../output/amounts.ts'
import { table } from '../../../output/table.ts'
import { address } from '../../../parse-options.ts'
import { findRails, type RailFilter } from './find-rails.ts'
import { railGroup } from './group.ts'
import { type RailStanding, readRailStanding } from './standing.ts'

export const storageRailList: Register = (program, act) => {
  railGroup(program)
    .command('list')
    .description('rails, what each costs and has, and how long it lasts, with the sums of all')
    .option('--payer <address>', 'those that it pays for', address)
    .option('--signer <address>', 'those that it signs for, like `cairn storage signer` prints', address)
    .option('--device <index>', 'those to a device', parseIndex)
    .option('--all', 'closed ones, too')
    .action(
      act(async (cli, filter: RailFilter) => {
        const open = await connect(cli)
        const ids = await findRails(open, filter)
        const rails = await Promise.all(ids.map((rail) => readRailStanding(open, { rail })))
        cli.output.result(rails, rails.length === 0 ? 'No rail fits.' : describeRails(rails))
      }),
    )
}

function describeRails(rails: readonly RailStanding[]): string {
  const sum = (amountOf: (rail: RailStanding) => bigint) =>
    rails.reduce((total, rail) => total + amountOf(rail), 0n)
  const total = [
    `${sum(({ bytes }) => bytes)} bytes under proof cost ${exactDollars(sum(({ perPeriod }) => perPeriod))} a period.`,
    `The rails have ${exactDollars(sum(({ credits }) => credits))}, and were paid ${exactDollars(sum(({ paid }) => paid))} so far.`,
  ]
  const rows = rails.map(
    ({ rail, state, device, bytes, perPeriod, credits, due, coveredUntil, lastPeriod }) => [
      rail,
      state,
      device,
      bytes,
      exactDollars(perPeriod),
      exactDollars(credits),
      exactDollars(due),
      lastPeriod ?? coveredUntil ?? '',
    ],
  )
  const headers = ['rail', 'state', 'device', 'bytes', 'a period', 'has', 'due', 'until period']
  return [table(headers, rows), '', ...total].join('\n')
}
