const form = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

/** Parses `20130524T000000Z` to Unix ms; undefined when it is no such date. */
export function parseAmzDate(text: string): number | undefined {
  const parts = form.exec(text)
  if (parts === null) return undefined
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const ms = Date.UTC(year, month - 1, day, hour, minute, second)
  // Date.UTC carries the 31st of February over into March.
  return formatAmzDate(ms) === text ? ms : undefined
}

/** @param ms Unix time */
export function formatAmzDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}
