/** What part of the keys is asked for. */
export interface PageRequest {
  readonly prefix: string
  /** Keys that have it after the prefix are rolled up to the text that ends with it; empty for none. */
  readonly delimiter: string
  /** Begin after this key or rolled-up prefix. */
  readonly after: string | undefined
  /** Keys and rolled-up prefixes together. */
  readonly limit: number
}

/** A page, in the order of UTF-8 bytes. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  /** What keys were rolled up to. */
  readonly prefixes: readonly string[]
  /** The last key or prefix on the page; undefined when it is the last page. */
  readonly next: string | undefined
}

/**
 * Lists rows by key and rolls up by delimiter. A rolled-up prefix costs one search however many keys it stands for.
 *
 * @param seek rows in order of key, from one key's bytes up to, not including, another's; not all of them will be taken
 */
export function listPage<Row extends { readonly key: string }>(
  { prefix, delimiter, after, limit }: PageRequest,
  seek: (from: Buffer, to: Buffer) => Iterable<Row>,
): Page<Row> {
  const rows: Row[] = []
  const prefixes: string[] = []
  const end = endOfPrefix(Buffer.from(prefix))
  let last: string | undefined
  let from: Buffer | undefined = firstOf(prefix, after)
  while (from !== undefined) {
    const found = seek(from, end)
    from = undefined
    for (const row of found) {
      const rolled = rolledUp(row.key, prefix, delimiter)
      if (rolled === undefined || rolled !== after) {
        if (rows.length + prefixes.length === limit) return { rows, prefixes, next: last }
        last = rolled ?? row.key
      }
      if (rolled === undefined) rows.push(row)
      else {
        if (rolled !== after) prefixes.push(rolled)
        from = endOfPrefix(Buffer.from(rolled))
        break
      }
    }
  }
  return { rows, prefixes, next: undefined }
}

function firstOf(prefix: string, after: string | undefined): Buffer {
  const start = Buffer.from(prefix)
  if (after === undefined) return start
  const next = Buffer.concat([Buffer.from(after), Buffer.of(0)])
  return Buffer.compare(start, next) > 0 ? start : next
}

function rolledUp(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined
  const at = key.indexOf(delimiter, prefix.length)
  return at < 0 ? undefined : key.slice(0, at + delimiter.length)
}

/** The first bytes after all that begin with these. No byte of UTF-8 is ff, so one can always be added. */
function endOfPrefix(prefix: Buffer): Buffer {
  if (prefix.length === 0) return Buffer.of(0xff)
  const end = Buffer.from(prefix)
  end[end.length - 1]! += 1
  return end
}
