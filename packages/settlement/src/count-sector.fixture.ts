import { BaseError, defineSector } from '@cairn/protocol'

/** For tests: an observation is two bytes, a partition and a count; every count above 0 is worth itself, and the carry adds counts up, modulo 256. */
export const countSector = defineSector({
  id: 'count',
  version: 1,
  title: 'Counts',
  defaultPrograms: [{ name: 'count', weightBps: 10_000 }],
  defaultParams: {},
  parseParams: () => ({}),
  reasons: { 100: 'The count is zero.' },
  parse: (bytes) => {
    if (bytes.length !== 2)
      throw new BaseError({ code: 'malformed', message: 'Not two bytes.', fix: 'Send two.' })
    return { partition: bytes[0]!, count: bytes[1]! }
  },
  partition: ({ partition }) => `count-${partition}`,
  verify: ({ items, carry }) => ({
    verdicts: items.map(({ observation: { count } }) =>
      count === 0 ? { reason: 100, measured: '0', threshold: '1' } : { reason: 0, credit: BigInt(count) },
    ),
    carry: Uint8Array.of(
      items.reduce((sum, { observation }) => sum + observation.count, carry?.[0] ?? 0) % 256,
    ),
  }),
  reward: (verdicts, { programs }) => verdicts.map(({ credit }) => programs.map(() => credit ?? 0n)),
  describe: (observation) => observation,
  facets: {},
})

export const countBytes = (partition: number, count: number): Uint8Array => Uint8Array.of(partition, count)
