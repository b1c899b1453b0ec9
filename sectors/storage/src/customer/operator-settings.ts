import type { BaseError } from '@cairn/protocol'
import type { ErasureCode } from '../erasure/erasure-code.ts'

/** How a gateway uses its operators. */
export interface OperatorSettings {
  /** Always this code; undefined chooses by the object's size. */
  readonly code: ErasureCode | undefined
  /** Rows of one slab with one operator at most. */
  readonly rowsPerOperator: number
  /** ISO 3166-1, two letters; undefined for any. */
  readonly countries: readonly string[] | undefined
  /** Longest that a row waits for others before it goes on chain in a bundle. */
  readonly bundleMs: number
  /** For how long an operator may be silent before its rows are made again elsewhere. */
  readonly rebuildMs: number
  /** How often each is asked for a row that it has to show, and its reputation is looked at. */
  readonly auditMs: number
  /** Whether to make the databases of a lost data folder again. */
  readonly restore: boolean
  /** How often rails are read and operators asked. */
  readonly refreshMs: number
}

/** Reads what a host says about operators. @throws what `malformed` makes, naming the setting */
export function parseOperatorSettings(
  settings: unknown,
  malformed: (field: string, value: unknown, expected: string) => BaseError,
): OperatorSettings {
  const fields = (typeof settings === 'object' && settings !== null ? settings : {}) as Record<
    string,
    unknown
  >
  const number = (field: string, least: number, most: number) => {
    const value = fields[field]
    if (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most) return Number(value)
    throw malformed(field, value, `a whole number from ${least} to ${most}`)
  }
  const { countries } = fields
  const isCountries =
    countries === undefined ||
    (Array.isArray(countries) &&
      countries.length > 0 &&
      countries.every((country) => typeof country === 'string' && /^[A-Z]{2}$/.test(country)))
  if (!isCountries) throw malformed('countries', countries, 'a list of two-letter codes, like CH')
  return {
    code: fields.code === undefined ? undefined : parseCode(fields.code, malformed),
    rowsPerOperator: number('rowsPerOperator', 1, 255),
    countries: countries as readonly string[] | undefined,
    bundleMs: number('bundleMs', 1_000, 2 * 86_400_000),
    rebuildMs: number('rebuildMs', 1_000, 30 * 86_400_000),
    auditMs: number('auditMs', 1_000, 30 * 86_400_000),
    restore: fields.restore === true,
    refreshMs: number('refreshMs', 100, 3_600_000),
  }
}

function parseCode(
  value: unknown,
  malformed: (field: string, value: unknown, expected: string) => BaseError,
): ErasureCode {
  const { dataRows, rows } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >
  const isCode = [dataRows, rows].every((count) => Number.isInteger(count) && Number(count) >= 1)
  if (isCode && Number(dataRows) < Number(rows) && Number(rows) <= 255)
    return { dataRows: Number(dataRows), rows: Number(rows) }
  throw malformed('code', value, 'data rows and rows, 1 ≤ data rows < rows ≤ 255')
}
