import { byteText, exactDollars } from '../../output/amounts.ts'
import { table } from '../../output/table.ts'
import type { OperatorProblem, OperatorStatus } from '../../storage/storage-seam.ts'

/** How an operator of storage gets on, for people. */
export function describeOperator(status: OperatorStatus): string {
  const { rows, rowBytes, freeBytes, bundles, waitingBundles, sets, proofs, faults, pay, repair } = status
  const usd = (credits: string) => `$${exactDollars(BigInt(credits))}`
  const problems = [
    ...problemsOf('set', status.problems),
    ...problemsOf('pay', pay.problems),
    ...problemsOf('repair', repair?.problems ?? {}),
  ]
  return [
    table(
      ['what', 'now'],
      [
        ['rows', `${rows}, ${byteText(rowBytes)}; room for ${byteText(freeBytes)} more`],
        ['bundles', `${bundles}, of which ${waitingBundles} wait for the chain`],
        ['proofs', `${proofs} since the start, for ${sets} sets; ${faults} periods missed`],
        ['earned', `${usd(pay.due)} to settle, ${usd(pay.settled)} settled since the start`],
        [
          'read',
          `${usd(pay.owed)} not acknowledged, ${usd(pay.acknowledged)} to redeem, ${usd(pay.redeemed)} redeemed since the start`,
        ],
        ...(repair === undefined ? [] : [['repair', describeRepair(repair)] as const]),
      ],
    ),
    '',
    ...(problems.length === 0 ? ['nothing is wrong'] : problems),
  ].join('\n')
}

function describeRepair({ rail, lost, pieces, rebuilt, completed }: NonNullable<OperatorStatus['repair']>) {
  const done = `${completed} completed since the start`
  if (rail === undefined) return `looks for lost rails; ${done}`
  return `rail ${rail} makes rail ${lost} again: ${rebuilt} of ${pieces} pieces are here; ${done}`
}

const problemsOf = (what: string, problems: Readonly<Record<string, OperatorProblem>>): readonly string[] =>
  Object.entries(problems).map(([name, { code, message }]) => `${what} ${name}: ${message} (${code})`)
