import type { BodySpans } from '../report/body-spans.ts'

/** Bodies one after another in a buffer, with three bytes of something else before each observation. */
export function spansOf(bodies: readonly (readonly Uint8Array[])[]): {
  readonly buffer: ArrayBuffer
  readonly spans: BodySpans
} {
  const observations = bodies.flat()
  const lengths = observations.map(({ length }) => length)
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + 3 + length, 0)).fill(0xee)
  const starts: number[] = []
  let at = 0
  for (const observation of observations) {
    starts.push(at + 3)
    bytes.set(observation, at + 3)
    at += 3 + observation.length
  }
  return { buffer: bytes.buffer, spans: { counts: bodies.map(({ length }) => length), starts, lengths } }
}
