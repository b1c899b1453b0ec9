import { readGas, readSnapshot } from '../gas-snapshot.ts'
import type { Row } from '../row.ts'

/** Most gas of one transaction (EIP-7825). */
const TRANSACTION_LIMIT = 2 ** 24

/** What dividing emission over programs costs: at the first attestation of a root, and in the call itself; and what the reserve takes to pay. */
export const programSplitGas: Row = {
  name: 'program-split-gas',
  unit: 'gas',
  against: `the most that a transaction may use, 2^24 = ${TRANSACTION_LIMIT} (EIP-7825)`,
  budget: { atMost: 0.1 },
  workload:
    'attest of a root over 500 epochs, in which weights moved in 64 steps and one program is bounded by burn: whole transactions (forge, isolated), from contracts/snapshots; one run, the worst ruleset (449 runs) and finalise beside',
  commands: { ours: 'npm run contracts:test', peer: 'none: an absolute limit' },
  async measure() {
    const settlement = (call: string) => readGas('settlement.json', call)
    const value = await settlement('attest, first, after 64 steps of weights')
    const calls = Object.entries(await readSnapshot('budgets.json'))
    return {
      value,
      ratio: value / TRANSACTION_LIMIT,
      samples: {
        'attest, after 64 steps': [value],
        'attest, after 500 epochs of one run': [await settlement('attest, first, after 500 idle epochs')],
        finalise: [await settlement('finalise')],
        ...Object.fromEntries(calls.map(([call, gas]) => [call, [gas]])),
      },
    }
  },
}
