import type { ByteRange } from '../content/content-store.ts'

const form = /^bytes=(\d{0,16})-(\d{0,16})$/

/**
 * Parses a `Range` header of one range (RFC 9110, section 14.1.2).
 *
 * @returns undefined when the whole is to be given: there is no header, several ranges, or something that is no range; `unsatisfiable` for 416
 */
export function parseRange(
  header: string | undefined,
  sizeBytes: number,
): ByteRange | undefined | 'unsatisfiable' {
  const [, first = '', last = ''] = form.exec(header ?? '') ?? []
  if (first === '' && last === '') return undefined
  if (first === '') {
    const count = Math.min(Number(last), sizeBytes)
    return count === 0 ? 'unsatisfiable' : { start: sizeBytes - count, end: sizeBytes }
  }
  const start = Number(first)
  if (last !== '' && Number(last) < start) return undefined
  if (start >= sizeBytes) return 'unsatisfiable'
  return { start, end: last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes) }
}
