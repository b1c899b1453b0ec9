import { type ChainReader, readDataSet, readFaultsOf, readRail, readRailAccountOf } from '@cairn/chain'
import { dollars, exactDollars } from '../../../output/amounts.ts'
import { bytesOfLeaves } from '../size-option.ts'

/** A rail, its account and its data set as one, for JSON; amounts are credits. */
export async function readRailStanding(reader: ChainReader, { rail }: { readonly rail: bigint }) {
  const order = await readRail(reader, { rail })
  const { set } = order
  const [account, { leaves, pieces }, faults] = await Promise.all([
    readRailAccountOf(reader, { rail }),
    readDataSet(reader, { set }),
    readFaultsOf(reader, { set }),
  ])
  return {
    rail,
    ...order,
    ...account,
    lastPeriod: account.lastPeriod ?? null,
    coveredUntil: account.coveredUntil ?? null,
    bytes: bytesOfLeaves(leaves),
    pieces,
    faults,
  }
}

export type RailStanding = Awaited<ReturnType<typeof readRailStanding>>

/** How a rail stands, for people. */
export function describeRail(rail: RailStanding): string {
  const { credits, earned, paid, held, due, reward, period, lastPeriod, coveredUntil } = rail
  const until = lastPeriod === null ? '' : `, until the end of period ${lastPeriod}`
  const covered =
    coveredUntil === null
      ? 'It costs nothing yet'
      : `What it has lasts until the end of period ${coveredUntil}`
  return [
    `Rail ${rail.rail} from ${rail.payer} to device ${rail.device}: ${rail.state}${until}; now is period ${period}.`,
    `${rail.bytes} bytes in ${rail.pieces} pieces of data set ${rail.set} cost ${exactDollars(rail.perPeriod)} a period; ${rail.signer} signs.`,
    `It has ${dollars(credits)} and needs ${exactDollars(rail.needed)} beside what it owes. ${covered}.`,
    `Earned ${exactDollars(earned)}, paid ${exactDollars(paid)}, held back ${exactDollars(held)}, due ${exactDollars(due)}${reward === 0n ? '' : `, for a repair ${exactDollars(reward)}`}.`,
    `${rail.provenPeriods} periods proven, ${rail.faults} missed, ${rail.missedInRow} of them in a row up to now${rail.isLost ? ': it is lost' : ''}.`,
  ].join('\n')
}
