import type { RailQuote } from '@cairn/chain'
import { exactDollars } from '../../../output/amounts.ts'

/** What a rail will cost, for people, before credits are put into it. */
export function quoteText(bytes: bigint, { perPeriod, needed }: RailQuote): string {
  return `${bytes} bytes cost ${exactDollars(perPeriod)} a period; a rail of that size needs ${exactDollars(needed)} beside what it owes.`
}
