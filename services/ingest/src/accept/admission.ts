import { overloaded } from '../ingest-error.ts'
import type { IngestLimits } from '../limits.ts'
import type { Source } from './source.ts'

/** Counts the bytes received and not answered yet, so that memory is bounded whoever sends whatever. */
export interface Admission {
  /** @throws IngestError (`overloaded`), with nothing counted, when the connection, its address or all together would hold too much */
  take(source: Source, bytes: number): void
  /** Gives back what was taken. */
  release(source: Source, bytes: number): void
  readonly inFlightBytes: number
}

export function createAdmission(
  limits: Pick<IngestLimits, 'inFlightBytes' | 'inFlightBytesPerAddress' | 'windowBytes'>,
): Admission {
  const perSource = new WeakMap<Source, number>()
  const perAddress = new Map<string, number>()
  let total = 0
  const add = (source: Source, bytes: number) => {
    total += bytes
    perSource.set(source, (perSource.get(source) ?? 0) + bytes)
    const held = (perAddress.get(source.address) ?? 0) + bytes
    if (held > 0) perAddress.set(source.address, held)
    else perAddress.delete(source.address)
  }
  return {
    get inFlightBytes() {
      return total
    },
    take(source, bytes) {
      const held = (perSource.get(source) ?? 0) + bytes
      if (held > limits.windowBytes) {
        throw overloaded(`this connection has ${held} bytes unanswered, and may have ${limits.windowBytes}`)
      }
      const heldThere = (perAddress.get(source.address) ?? 0) + bytes
      if (heldThere > limits.inFlightBytesPerAddress) {
        throw overloaded(
          `this address has ${heldThere} bytes unanswered, and may have ${limits.inFlightBytesPerAddress}`,
        )
      }
      if (total + bytes > limits.inFlightBytes) {
        throw overloaded(`${total} of ${limits.inFlightBytes} bytes are unanswered`)
      }
      add(source, bytes)
    },
    release: (source, bytes) => add(source, -bytes),
  }
}
