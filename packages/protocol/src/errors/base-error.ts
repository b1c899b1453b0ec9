/** What {@link BaseError} is made of. `code` is for programs, the rest is for people. */
export interface BaseErrorParts {
  /** Stable, snake case: `malformed_report`. */
  readonly code: string
  /** What happened, with the value, and what was expected. One sentence or two, ending in a full stop. */
  readonly message: string
  /** What to do next. A sentence. */
  readonly fix: string
  /** The name of the input that was wrong. */
  readonly field?: string | undefined
  /** That input, shortened where it is long. */
  readonly value?: string | undefined
  /** What else a program may want to know: byte offsets, limits. */
  readonly meta?: Readonly<Record<string, string | number>> | undefined
  readonly cause?: unknown
}

/**
 * The error every other error of Cairn extends. Its message is a paragraph: what happened, an empty line, what to do.
 *
 * Subclasses live beside the code that throws them and say which codes they use.
 */
export class BaseError extends Error {
  override readonly name: string = 'BaseError'
  readonly code: string
  readonly field: string | undefined
  readonly value: string | undefined
  readonly fix: string
  readonly meta: Readonly<Record<string, string | number>>

  constructor({ code, message, fix, field, value, meta, cause }: BaseErrorParts) {
    super(`${message}\n\n${fix}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.field = field
    this.value = value
    this.fix = fix
    this.meta = meta ?? {}
  }
}
