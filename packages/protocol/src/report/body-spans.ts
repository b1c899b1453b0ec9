import { parseForm } from './parse-report.ts'
import type { SignedHeader } from './report.ts'

/**
 * Where the observations of many reports lie in the one buffer that all these reports are views of. Who only hashes observations does without a view for each, which costs as much as the
 * hashing.
 */
export interface BodySpans {
  /** Observations of each report. */
  readonly counts: number[]
  /** Where each observation begins, in bytes from the start of the buffer. */
  readonly starts: number[]
  readonly lengths: number[]
}

/** Spans of no report yet. */
export const emptySpans = (): BodySpans => ({ counts: [], starts: [], lengths: [] })

/**
 * Reads what a device signed of a report, as `parseReport` does, and notes where its observations lie.
 *
 * @throws ReportError as `parseReport` does; the spans are of no use then
 */
export const noteReport = (bytes: Uint8Array, spans: BodySpans): SignedHeader => {
  const { byteOffset } = bytes
  const signed = parseForm(bytes, (start, end) => {
    spans.starts.push(byteOffset + start)
    spans.lengths.push(end - start)
  })
  spans.counts.push(signed.header.count)
  return signed
}

/** Takes the last report out again. */
export const forgetReport = ({ counts, starts, lengths }: BodySpans): void => {
  const count = counts.pop() ?? 0
  starts.length -= count
  lengths.length -= count
}
