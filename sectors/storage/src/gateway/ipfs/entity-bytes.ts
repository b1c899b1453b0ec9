import type { ByteRange } from '../content/content-store.ts'
import { IpfsError } from './ipfs-error.ts'

/** `entity-bytes`: both inclusive, negative ones from the end; undefined stands for `*`, the end. */
export interface EntityBytes {
  readonly from: number
  readonly to: number | undefined
}

const form = /^(-?\d{1,15}):(\*|-?\d{1,15})$/

/** @throws IpfsError 400 */
export function parseEntityBytes(text: string): EntityBytes {
  const [, from, to] = form.exec(text) ?? []
  if (from === undefined || to === undefined)
    throw new IpfsError(
      400,
      `entity-bytes is ${text.slice(0, 64)}. It has to be from:to, like 0:*, -1024:* or 499:-1000.`,
    )
  return { from: Number(from), to: to === '*' ? undefined : Number(to) }
}

/**
 * The bytes of an entity that are asked for.
 *
 * @returns undefined when there are none, as in a range behind the end
 */
export function resolveEntityBytes({ from, to }: EntityBytes, sizeBytes: number): ByteRange | undefined {
  const start = from < 0 ? Math.max(0, sizeBytes + from) : from
  const last = to === undefined ? sizeBytes - 1 : to < 0 ? sizeBytes + to : Math.min(to, sizeBytes - 1)
  return start <= last && start < sizeBytes ? { start, end: last + 1 } : undefined
}
