import { invalidField, type JsonFields, parseText } from './json-fields.ts'

const COMPACT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/
const EXPANDED = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d) (?:GMT|UTC)$/

/** Milliseconds since the Unix epoch, or undefined where the calendar has no such instant or it is before 1970. */
const utcMs = (parts: readonly (string | undefined)[]): number | undefined => {
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (year < 1970) return undefined
  const ms = Date.UTC(year, month - 1, day, hour, minute, second)
  const date = new Date(ms)
  // Date.UTC carries overflow (30 February, 25:00) into the next field; such a text is a mistake, not a time.
  const exact =
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second
  return exact ? ms : undefined
}

/** The ISO 8601 time of a received packet, `2013-03-31T16:21:17.528002Z`, as Unix microseconds; finer digits are cut. */
export const parsePacketTimeUs = (fields: JsonFields, name: string): number => {
  const match = COMPACT.exec(parseText(fields, name, 40))
  const ms = match === null ? undefined : utcMs(match)
  if (match === null || ms === undefined)
    throw invalidField(fields, name, 'a UTC time such as 2013-03-31T16:21:17.528002Z')
  return ms * 1000 + Number((match[7] ?? '').slice(0, 6).padEnd(6, '0'))
}

/** The inverse of {@link parsePacketTimeUs}, always with six digits. */
export const serializePacketTime = (timeUs: number): string => {
  const micros = timeUs % 1_000_000
  return `${new Date((timeUs - micros) / 1000).toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}Z`
}

/** The gateway clock in a status, `2014-01-12 08:59:28 GMT`, as Unix milliseconds. */
export const parseStatusTimeMs = (fields: JsonFields, name: string): number => {
  const match = EXPANDED.exec(parseText(fields, name, 40))
  const ms = match === null ? undefined : utcMs(match)
  if (ms === undefined) throw invalidField(fields, name, 'a UTC time such as 2014-01-12 08:59:28 GMT')
  return ms
}

/** The inverse of {@link parseStatusTimeMs}; the format has whole seconds, so milliseconds are cut. */
export const serializeStatusTime = (timeMs: number): string =>
  `${new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ')} GMT`
