import { BaseError } from '@cairn/protocol'

/** Parameters of the rules, set by governance. */
export interface TemplateParams {
  /** How far a reading may be from the median of its cell, thousandths of the unit. */
  readonly tolerance: number
  /** Readings of one device in one cell that are paid in an epoch. */
  readonly maxReadings: number
}

export const DEFAULT_PARAMS: TemplateParams = { tolerance: 2000, maxReadings: 10 }

export class TemplateParamsError extends BaseError {}

/** @throws TemplateParamsError */
export function parseParams(json: unknown): TemplateParams {
  const { tolerance, maxReadings } = (json ?? {}) as Record<string, unknown>
  return {
    tolerance: atLeast('tolerance', tolerance, 0),
    maxReadings: atLeast('maxReadings', maxReadings, 1),
  }
}

function atLeast(field: string, value: unknown, least: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= 1_000_000)
    return value
  throw new TemplateParamsError({
    code: 'wrong_parameter',
    field,
    value: String(value),
    message: `The parameter "${field}" is ${JSON.stringify(value) ?? 'missing'}; expected an integer from ${least} to 1000000.`,
    fix: 'Start from the default parameters and change single values.',
  })
}
