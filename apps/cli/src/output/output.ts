import { BaseError } from '@cairn/protocol'
import pc from 'picocolors'

/** Where a command says things: results on standard output, everything else on standard error. */
export interface Output {
  readonly json: boolean
  /** The command's result: `value` as JSON with `--json`, else the text. bigints become decimal strings. */
  result(value: unknown, text: string): void
  /** Something that happened on the way; left out with `--json`. */
  note(text: string): void
  /** Long work: replaces the line before it on a terminal, and prints nothing elsewhere. */
  progress(text: string): void
  error(error: unknown): void
}

export function createOutput({
  json,
  stdout,
  stderr,
}: {
  json: boolean
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
}): Output {
  let isProgressShown = false
  const clear = () => {
    if (isProgressShown) stderr.write('\r\u001b[K')
    isProgressShown = false
  }
  return {
    json,
    result(value, text) {
      clear()
      stdout.write(`${json ? JSON.stringify(value, plain, 2) : text}\n`)
    },
    note(text) {
      clear()
      if (!json) stderr.write(`${text}\n`)
    },
    progress(text) {
      if (!stderr.isTTY || json) return
      stderr.write(`\r\u001b[K${pc.dim(text)}`)
      isProgressShown = true
    },
    error(error) {
      clear()
      if (json) stderr.write(`${JSON.stringify({ error: errorFields(error) }, plain)}\n`)
      else stderr.write(`${pc.red('error')} ${errorText(error)}\n`)
    },
  }
}

/** For JSON.stringify: whole numbers that a double holds exactly stay numbers, larger ones become strings. */
export function plain(_key: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= -BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value.toString()
}

function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof BaseError))
    return { code: 'unexpected', message: error instanceof Error ? error.message : String(error) }
  const { code, message, fix, field, value, meta } = error
  return { code, message: message.split('\n\n')[0], fix, field, value, meta }
}

function errorText(error: unknown): string {
  if (error instanceof BaseError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
