import type { DeviceModel } from '@cairn/protocol'
import { encodeReading } from './reading.ts'

/** Device models for the conformance suite and for simulated networks: one honest, the others each trying one way to earn more. */
export const models: readonly DeviceModel[] = [
  {
    name: 'honest',
    honest: true,
    observe: ({ startMs, random }) =>
      Array.from({ length: 5 }, (_, i) =>
        encodeReading({ cell: 7, takenMs: startMs + 1000 * i, value: 20_000 + Math.floor(random() * 500) }),
      ),
  },
  {
    name: 'makes up values',
    honest: false,
    observe: ({ startMs, random }) =>
      Array.from({ length: 5 }, (_, i) =>
        encodeReading({
          cell: 7,
          takenMs: startMs + 1000 * i,
          value: 60_000 + Math.floor(random() * 30_000),
        }),
      ),
  },
  {
    name: 'reports old readings',
    honest: false,
    observe: ({ startMs }) =>
      Array.from({ length: 5 }, (_, i) =>
        encodeReading({ cell: 7, takenMs: startMs - 3_600_000 + i, value: 20_000 }),
      ),
  },
]
