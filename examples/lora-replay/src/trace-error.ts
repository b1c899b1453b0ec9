/** A line of a trace that is not what its format promises. `line` counts from 1. */
export class TraceError extends Error {
  override readonly name = 'TraceError'
  readonly code = 'TRACE_LINE_INVALID'
  readonly file: string
  readonly line: number

  constructor(file: string, line: number, problem: string, options?: ErrorOptions) {
    super(
      `Line ${line} of ${file} is no recorded uplink: ${problem} Get the file again from its source, or leave it out.`,
      options,
    )
    this.file = file
    this.line = line
  }
}
