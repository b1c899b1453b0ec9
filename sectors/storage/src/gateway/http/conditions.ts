/** The four conditions of RFC 9110, section 13, as a client sent them. */
export interface Conditions {
  readonly ifMatch: string | undefined
  readonly ifNoneMatch: string | undefined
  readonly ifModifiedSince: string | undefined
  readonly ifUnmodifiedSince: string | undefined
}

/** Reads them from headers; `x-amz-copy-source-` is the prefix for the source of a copy. */
export function readConditions(headers: Readonly<Record<string, string>>, prefix = ''): Conditions {
  return {
    ifMatch: headers[`${prefix}if-match`],
    ifNoneMatch: headers[`${prefix}if-none-match`],
    ifModifiedSince: headers[`${prefix}if-modified-since`],
    ifUnmodifiedSince: headers[`${prefix}if-unmodified-since`],
  }
}

/**
 * Whether a read goes on, in the order of RFC 9110, section 13.2.2: a matching tag makes its date condition void.
 *
 * @param etag without quotes
 */
export function evaluateRead(
  { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince }: Conditions,
  etag: string,
  modifiedMs: number,
): 'go on' | 'not modified' | 'failed' {
  if (ifMatch !== undefined) {
    if (!matchesTag(ifMatch, etag)) return 'failed'
  } else if (isLater(modifiedMs, ifUnmodifiedSince) === true) return 'failed'
  if (ifNoneMatch !== undefined) {
    if (matchesTag(ifNoneMatch, etag)) return 'not modified'
  } else if (isLater(modifiedMs, ifModifiedSince) === false) return 'not modified'
  return 'go on'
}

/** Whether a list of tags, quoted or not, holds this one, or is `*`. */
export function matchesTag(list: string, etag: string): boolean {
  return list.split(',').some((item) => {
    const tag = item
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1')
    return tag === '*' || tag === etag
  })
}

/** HTTP dates have whole seconds. undefined when the header says no date. */
function isLater(modifiedMs: number, header: string | undefined): boolean | undefined {
  const ms = Date.parse(header ?? '')
  return Number.isNaN(ms) ? undefined : Math.floor(modifiedMs / 1000) * 1000 > ms
}
