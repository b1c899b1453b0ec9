import type { Query } from './parse-query.ts'

/** The head of a request, parsed no further than every part of the gateway needs. */
export interface Incoming {
  readonly method: string
  /** The path, decoded: `/bucket/a key`. */
  readonly path: string
  readonly query: Query
  /** By lower-case name; values of a repeated header joined by a comma; each char is one byte, as HTTP has them. */
  readonly headers: Readonly<Record<string, string>>
}
