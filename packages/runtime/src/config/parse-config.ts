import { BaseError } from '@cairn/protocol'
import type { z } from 'zod'
import { isSecretName } from '../log/create-logger.ts'

/** Where a configuration comes from; what stands further down in this list wins over what stands above. */
export interface ConfigSources<Shape extends z.ZodRawShape> {
  /** The fields, with defaults and `.describe()` texts. Make it strict, so that a misspelt field is an error. */
  schema: z.ZodObject<Shape>
  /** The parsed content of a configuration file. */
  file?: unknown
  /** Environment; field `rpcUrl` is read from `CAIRN_RPC_URL`. */
  env?: Readonly<Record<string, string | undefined>>
  /** What the name of an environment variable begins with. Default `CAIRN_`. */
  envPrefix?: string
  /** Options of the command line; undefined ones are left out. */
  flags?: Readonly<Record<string, unknown>>
}

/** A configuration that does not parse. The message has a paragraph for each field at fault. */
export class ConfigError extends BaseError {
  override readonly name = 'ConfigError'

  constructor(problems: readonly ConfigProblem[]) {
    const first = problems[0]
    super({
      code: 'bad_config',
      message: problems.map(describe).join('\n'),
      field: first?.field ?? 'config',
      value: first?.value ?? '',
      fix: `Change ${problems.map(({ field, env }) => `${field} (${env})`).join(', ')} in the configuration file, the environment or the command line.`,
    })
  }
}

/** One field at fault. */
export interface ConfigProblem {
  field: string
  env: string
  /** The value as text; `[redacted]` where the field is a secret. */
  value: string
  expected: string
}

/**
 * Reads a program's configuration from file, environment and flags, in one place and once.
 *
 * @throws ConfigError that names every field at fault with its value, what was expected, and where to change it
 */
export function parseConfig<Shape extends z.ZodRawShape>(
  sources: ConfigSources<Shape>,
): z.output<z.ZodObject<Shape>> {
  const { schema, file, env = {}, envPrefix = 'CAIRN_', flags = {} } = sources
  if (file !== undefined && (file === null || typeof file !== 'object' || Array.isArray(file))) {
    throw new ConfigError([
      { field: 'file', env: '-', value: JSON.stringify(file), expected: 'an object of fields' },
    ])
  }
  const merged: Record<string, unknown> = { ...file }
  for (const [field, type] of Object.entries(schema.shape)) {
    const text = env[envName(field, envPrefix)]
    if (text !== undefined && text !== '') merged[field] = fromText(text, type as z.ZodType)
  }
  for (const [field, value] of Object.entries(flags)) if (value !== undefined) merged[field] = value

  const result = schema.safeParse(merged)
  if (result.success) return result.data
  throw new ConfigError(result.error.issues.flatMap((issue) => toProblems(issue, merged, envPrefix)))
}

/** The environment variable of a field: `rpcUrl` → `CAIRN_RPC_URL`. */
export function envName(field: string, prefix = 'CAIRN_'): string {
  return prefix + field.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}

/** A text that the field's type does not take as it stands is read as JSON: numbers, booleans and lists need no coercion. */
function fromText(text: string, type: z.ZodType): unknown {
  if (type.safeParse(text).success) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function toProblems(issue: z.core.$ZodIssue, given: unknown, prefix: string): ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: [...issue.path, key].join('.'),
      env: '-',
      value: 'given',
      expected: 'no such field; see the list of fields with --help',
    }))
  }
  const field = issue.path.join('.')
  const value = issue.path.reduce<unknown>(
    (part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key],
    given,
  )
  return [
    {
      field,
      env: envName(String(issue.path[0] ?? ''), prefix),
      value: issue.path.some((key) => isSecretName(String(key)))
        ? '[redacted]'
        : (JSON.stringify(value)?.slice(0, 200) ?? 'not given'),
      expected: issue.message,
    },
  ]
}

function describe({ field, env, value, expected }: ConfigProblem): string {
  return `${field} (${env}) is ${value}: ${expected}.`
}
