import { readGas } from '../gas-snapshot.ts'
import type { Row } from '../row.ts'

const VOUCHERS = 50
/** ecrecover, two storage words that change, two that are read, an event and the calldata: what no way of redeeming does without. */
const LEAST_PER_VOUCHER = 3_000 + 22_100 + 5_000 + 2 * 2_100 + 2_500 + 4_600

/** What buying credits and redeeming vouchers costs. */
export const paymentsGas: Row = {
  name: 'payments-gas',
  unit: 'gas/voucher',
  against: `the ${LEAST_PER_VOUCHER} gas that no contract can redeem a voucher without`,
  budget: { atMost: 1.5 },
  workload: `redeemBatch of ${VOUCHERS} first vouchers of as many payers, a call (forge), from contracts/snapshots; single calls beside`,
  commands: { ours: 'npm run contracts:test', peer: 'none: the sum of what the protocol charges' },
  async measure() {
    const read = (call: string) => readGas('payments.json', call)
    const value = (await read('redeem 50 vouchers of 50 payers')) / VOUCHERS
    return {
      value,
      ratio: value / LEAST_PER_VOUCHER,
      samples: {
        'buy credits, first': [await read('buy credits, first')],
        'buy credits, again': [await read('buy credits, again')],
        'redeem a voucher, first': [await read('redeem a voucher, first')],
        'redeem a voucher, again': [await read('redeem a voucher, again')],
        'redeem for a seller, first': [await read('redeem for a seller, first')],
        'redeem for a seller, again': [await read('redeem for a seller, again')],
        'a voucher of a batch of 50': [value],
      },
    }
  },
}
