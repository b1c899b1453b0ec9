import { readGas, readSnapshot } from '../gas-snapshot.ts'
import { NotMeasuredError, type Row } from '../row.ts'

/** Most gas of one transaction (EIP-7825). */
const TRANSACTION_LIMIT = 2 ** 24

/** SETTLEMENT, invariant 4: "well under" the limit. */
const WELL_UNDER = 0.1

/** What attesting costs, and the dearest move of any challenge, for small and large networks. */
export const settlementGas: readonly Row[] = [
  {
    ...limited('settlement-gas-attest', 'attest of a root by the first verifier'),
    async measure() {
      const value = await readGas('settlement.json', 'attest, first')
      return { value, ratio: value / TRANSACTION_LIMIT, samples: { 'attest, first': [value] } }
    },
  },
  challengeMoves('settlement-gas-10k', '10 k'),
  challengeMoves('settlement-gas-10m', '10 M'),
]

function challengeMoves(name: string, size: string): Row {
  return {
    ...limited(name, `the dearest move of any challenge in a network of ${size} devices`),
    async measure() {
      const figures = Object.entries(await readSnapshot('challenges.json'))
      const moves = figures.filter(([move]) => move.endsWith(`, ${size}`))
      if (moves.length === 0) {
        throw new NotMeasuredError(
          `contracts/snapshots/challenges.json has no move at ${size} devices.`,
          'Run `npm run contracts:test`.',
        )
      }
      const value = Math.max(...moves.map(([, gas]) => gas))
      const samples = Object.fromEntries(moves.map(([move, gas]) => [move, [gas]]))
      return { value, ratio: value / TRANSACTION_LIMIT, samples }
    },
  }
}

function limited(name: string, what: string): Omit<Row, 'measure'> {
  return {
    name,
    unit: 'gas',
    against: `the most that a transaction may use, 2^24 = ${TRANSACTION_LIMIT} (EIP-7825)`,
    budget: { atMost: WELL_UNDER },
    workload: `${what}: whole transactions (forge, isolated), from contracts/snapshots`,
    commands: { ours: 'npm run contracts:test', peer: 'none: an absolute limit' },
  }
}
