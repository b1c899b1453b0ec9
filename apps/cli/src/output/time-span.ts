const units = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
] as const

/** Seconds as people read them, in the largest unit that there is one of: `20.4 d`. */
export const timeSpan = (seconds: number): string => {
  for (const [size, name] of units)
    if (seconds >= size) return `${Number((seconds / size).toFixed(1)).toLocaleString('en')} ${name}`
  return `${seconds} s`
}
