import type { EpochContext, PartitionInput, PartitionResult, Verdict } from '@cairn/protocol'
import type { TemplateParams } from './params.ts'
import type { Reading } from './reading.ts'

export const TEMPLATE_REASON = { outsideEpoch: 100, offMedian: 101, tooMany: 102 } as const

/**
 * All readings of one cell: those taken within the epoch are compared with their median; what is too far off is not paid, and of the rest a device is paid up to `maxReadings`.
 *
 * The carry is the median, i32: a cell with a single device is compared with what the cell measured before.
 */
export function verifyReadings(
  input: PartitionInput<Reading>,
  context: EpochContext<TemplateParams>,
): PartitionResult {
  const { startMs, endMs, params } = context
  const inTime = (takenMs: number) => takenMs >= startMs && takenMs <= endMs
  const values = input.items
    .filter(({ observation }) => inTime(observation.takenMs))
    .map(({ observation }) => observation.value)
  const before =
    input.carry === undefined ? [] : [new DataView(input.carry.buffer, input.carry.byteOffset).getInt32(0)]
  const median = medianOf([...values, ...before])
  const paid = new Map<number, number>()
  const verdicts = input.items.map(({ device, observation }): Verdict => {
    if (!inTime(observation.takenMs))
      return {
        reason: TEMPLATE_REASON.outsideEpoch,
        measured: `${observation.takenMs} ms`,
        threshold: `${startMs} to ${endMs} ms`,
      }
    const distance = Math.abs(observation.value - median)
    if (distance > params.tolerance)
      return {
        reason: TEMPLATE_REASON.offMedian,
        measured: `${distance} from the median`,
        threshold: `${params.tolerance}`,
      }
    const count = (paid.get(device) ?? 0) + 1
    paid.set(device, count)
    if (count > params.maxReadings)
      return {
        reason: TEMPLATE_REASON.tooMany,
        measured: `reading ${count}`,
        threshold: `${params.maxReadings}`,
      }
    return { reason: 0, credit: 1n }
  })
  return { verdicts, carry: values.length === 0 ? input.carry : encodeMedian(median) }
}

/** The lower of the two middle values where there is no single one: an integer in, an integer out. */
function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
}

function encodeMedian(median: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setInt32(0, median)
  return bytes
}
