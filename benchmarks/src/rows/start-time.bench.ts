import type { Row } from '../row.ts'
import { LINES, startCommand, startLocalNetwork } from '../workloads/local-network.ts'

/** How long a newcomer waits for a running network, and for the first payment that nobody can take back. */
export const startTime: readonly Row[] = [
  startRow('start-time-ready', 'its ready line', LINES.ready, 15),
  startRow('start-time-paid', 'the first final root that pays', LINES.paid, 90),
]

function startRow(name: string, what: string, line: RegExp, limitSeconds: number): Row {
  return {
    name,
    unit: 's',
    against: `limit of ${limitSeconds} s`,
    budget: { atMost: 1 },
    workload: `npm start in an empty CAIRN_HOME, from its start to ${what}, by the clock, once`,
    commands: { ours: startCommand(), peer: 'none: an absolute limit' },
    async measure() {
      const network = await startLocalNetwork()
      try {
        const value = await network.secondsTo(line, 4 * limitSeconds)
        return { value, ratio: value / limitSeconds, samples: { 'ours, s': [value] } }
      } finally {
        await network.stop()
      }
    },
  }
}
