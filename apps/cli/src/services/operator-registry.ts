import { createRegistry, Gauge, type Registry } from '@cairn/runtime'
import type { OperatorStatus } from '../storage/storage-seam.ts'

/** What of an operator's status is a number, by the metric's name. Credits and bytes may be above what a float holds exactly. */
const numbers: readonly (readonly [name: string, help: string, of: (status: OperatorStatus) => number])[] = [
  ['rows', 'Rows kept.', ({ rows }) => rows],
  ['row_bytes', 'Bytes of rows kept.', ({ rowBytes }) => rowBytes],
  ['free_bytes', 'Bytes that are left for rows.', ({ freeBytes }) => freeBytes],
  ['bundles', 'Bundles kept.', ({ bundles }) => bundles],
  ['waiting_bundles', 'Bundles that are not on chain yet.', ({ waitingBundles }) => waitingBundles],
  ['sets', 'Data sets under proof.', ({ sets }) => sets],
  ['proofs', 'Periods proven since the start.', ({ proofs }) => proofs],
  ['faults', 'Periods missed, as the contract counts them.', ({ faults }) => faults],
  ['owed_credits', 'Read and not acknowledged.', ({ pay }) => Number(pay.owed)],
  ['acknowledged_credits', 'Acknowledged and not redeemed.', ({ pay }) => Number(pay.acknowledged)],
  ['due_credits', 'Earned by proofs and not settled.', ({ pay }) => Number(pay.due)],
  ['redeemed_credits', 'Had for reads since the start.', ({ pay }) => Number(pay.redeemed)],
  ['settled_credits', 'Had for proofs since the start.', ({ pay }) => Number(pay.settled)],
  [
    'problems',
    'What it can not do now; its status says why.',
    ({ problems, pay, repair }) =>
      [problems, pay.problems, repair?.problems ?? {}].flatMap((each) => Object.keys(each)).length,
  ],
  [
    'repaired_rails',
    'Lost rails of others made again since the start.',
    ({ repair }) => repair?.completed ?? 0,
  ],
]

/** The metrics of an operator, read when they are asked for. */
export function createOperatorRegistry(status: () => Promise<OperatorStatus>): Registry {
  const registry = createRegistry('operator')
  let reading: Promise<OperatorStatus> | undefined
  /** One status for all that are asked for at once. */
  const read = () => {
    reading ??= status().finally(() => {
      reading = undefined
    })
    return reading
  }
  for (const [name, help, of] of numbers)
    new Gauge({
      name: `cairn_operator_${name}`,
      help,
      registers: [registry],
      async collect() {
        this.set(of(await read()))
      },
    })
  return registry
}
