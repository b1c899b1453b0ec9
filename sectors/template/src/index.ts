/**
 * The smallest whole sector: sensors report readings, readings of one cell are compared. Copy this folder to begin one of your own.
 *
 * @packageDocumentation
 */
import { defineSector } from '@cairn/protocol'
import { DEFAULT_PARAMS, parseParams } from './params.ts'
import { parseReading } from './reading.ts'
import { verifyReadings } from './verify-readings.ts'

export const template = defineSector({
  id: 'template',
  version: 1,
  title: 'Template: readings compared within a cell',
  defaultPrograms: [{ name: 'readings', weightBps: 10_000 }],
  defaultParams: DEFAULT_PARAMS,
  parseParams,
  reasons: {
    100: 'The reading was not taken in the epoch that the report counts in.',
    101: 'The reading is too far from what the others in its cell measured.',
    102: 'More readings than a device is paid for in one cell and epoch.',
  },
  parse: parseReading,
  partition: ({ cell }) => `cell-${cell}`,
  verify: verifyReadings,
  reward: (verdicts, { programs }) =>
    verdicts.map(({ credit }) => programs.map((_, program) => (program === 0 ? (credit ?? 0n) : 0n))),
  describe: ({ cell, takenMs, value }) => ({ cell, takenMs, value }),
  facets: { simulate: async () => (await import('./simulate.ts')).models },
})

export { encodeReading, type Reading } from './reading.ts'
