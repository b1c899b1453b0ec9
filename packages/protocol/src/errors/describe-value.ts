const longest = 80

/**
 * Any value as one short line for an error message: strings in quotes, long ones cut, objects by their kind only.
 *
 * It never throws and never runs code of the value, which may be hostile.
 */
export const describeValue = (value: unknown): string => {
  if (typeof value === 'string') {
    return JSON.stringify(value.length <= longest ? value : `${value.slice(0, longest)}…`)
  }
  if (typeof value === 'bigint') return `${shorten(String(value))}n`
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') {
    return String(value)
  }
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (Array.isArray(value)) return `an array of ${value.length}`
  return `a value of type ${typeof value}`
}

const shorten = (text: string): string => (text.length <= longest ? text : `${text.slice(0, longest)}…`)
