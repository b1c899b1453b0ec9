import { readGas } from '../gas-snapshot.ts'
import type { Budget, Row } from '../row.ts'

/** Average gas of a claim in the test of a tree of 100 000 leaves of Uniswap/merkle-distributor, the figure of DESIGN §9. */
const UNISWAP_AVERAGE = 78_598

/** Claims in a tree of 100 000 devices, one by one and in a batch of neighbours. */
export const claimGas: readonly Row[] = [
  claimRow('claim-gas-first', 'claim, first', UNISWAP_AVERAGE, { atMost: 1.2 }),
  claimRow('claim-gas-repeat', 'claim, repeat', UNISWAP_AVERAGE, { atMost: 0.85 }),
  claimRow('claim-gas-batch-first', 'claim, batch of 50 owners, first, each', 42_000, { atMost: 1 }),
  claimRow('claim-gas-batch-repeat', 'claim, batch of 50 owners, repeat, each', 22_000, { atMost: 1 }),
]

function claimRow(name: string, figure: string, limit: number, budget: Budget): Row {
  const against =
    limit === UNISWAP_AVERAGE
      ? `Uniswap's MerkleDistributor, ${UNISWAP_AVERAGE} gas on average at 100 000 leaves`
      : `limit of ${limit} gas`
  return {
    name,
    unit: 'gas',
    against,
    budget,
    workload: `"${figure}" of contracts/snapshots/Gas.json: a transaction of its own (forge, isolated) against a tree of depth 17 with amounts of a real size; a batch pays 50 owners with one multiproof`,
    commands: {
      ours: 'npx forge test --match-path contracts/test/Gas.t.sol',
      peer: limit === UNISWAP_AVERAGE ? "Uniswap/merkle-distributor's own test" : 'none: an absolute limit',
    },
    async measure() {
      const value = await readGas('Gas.json', figure)
      return { value, ratio: value / limit, samples: { [figure]: [value] } }
    },
  }
}
