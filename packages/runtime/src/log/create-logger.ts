import pino, { type DestinationStream, type Logger } from 'pino'

export type { Logger } from 'pino'

/** How a program logs. */
export interface LoggerOptions {
  /** The program, as `ingest` or `verifier`. */
  name: string
  level?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  /** Where lines go; standard error by default, so that a command's output stays clean. */
  destination?: DestinationStream
}

/** A logger that writes one JSON object a line and never a secret: see {@link redact}. */
export function createLogger({
  name,
  level = 'info',
  destination = pino.destination(2),
}: LoggerOptions): Logger {
  return pino(
    {
      name,
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (record) => redact(record) as Record<string, unknown>,
      },
    },
    destination,
  )
}

const secretName =
  /^(.*private.?key|.*secret.*|.*pass(word|phrase).*|mnemonic|seed(phrase)?|authorization|cookie|(access|auth|bearer|api).?(token|key))$/i

/** Whether a field of this name holds something that must not be written down. */
export function isSecretName(name: string): boolean {
  return secretName.test(name)
}

const deepest = 8

/** A copy in which fields with the name of a secret read `[redacted]`, at any depth, and bigints are decimal strings. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value === null || typeof value !== 'object') return value
  if (value instanceof Error) return depth === 0 ? value : redactError(value)
  if (value instanceof Uint8Array) return `0x${Buffer.from(value.subarray(0, 64)).toString('hex')}`
  if (depth >= deepest) return '[deep]'
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isSecretName(key) ? '[redacted]' : redact(item, depth + 1),
    ]),
  )
}

/** An error's own fields (viem puts whole requests there) are left out: name, message, stack and code tell enough. */
function redactError(error: Error): Record<string, unknown> {
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...('code' in error ? { code: error.code } : {}),
    ...(error.cause instanceof Error ? { cause: redactError(error.cause) } : {}),
  }
}
