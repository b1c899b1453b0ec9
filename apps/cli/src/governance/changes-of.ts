/**
 * The differences of two JSON values, a line each, by path: `params.usage.bytes: 24 → 48`. Lists are compared by place.
 *
 * @param path of the values in the whole
 */
export function changesOf(before: unknown, after: unknown, path = ''): readonly string[] {
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
    return keys.flatMap((key) => changesOf(before[key], after[key], path === '' ? key : `${path}.${key}`))
  }
  if (before === after) return []
  return [`${path}: ${text(before)} → ${text(after)}`]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function text(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
