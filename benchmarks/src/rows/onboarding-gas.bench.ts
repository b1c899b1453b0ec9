import { readGas } from '../gas-snapshot.ts'
import type { Row } from '../row.ts'

const LIMIT = 110_000
const FIRST = "register, owner's first device"
const LATER = 'register, later device'

/** What it costs to put a device on chain, its key's proof of possession included. */
export const onboardingGas: Row = {
  name: 'onboarding-gas',
  unit: 'gas',
  against: `limit of ${LIMIT} gas`,
  budget: { atMost: 1 },
  workload: `"${FIRST}" of contracts/snapshots/Gas.json, the dearer case: a transaction of its own (forge, isolated)`,
  commands: { ours: 'npx forge test --match-path contracts/test/Gas.t.sol', peer: 'none: an absolute limit' },
  async measure() {
    const value = await readGas('Gas.json', FIRST)
    const later = await readGas('Gas.json', LATER)
    return { value, ratio: value / LIMIT, samples: { [FIRST]: [value], [LATER]: [later] } }
  },
}
