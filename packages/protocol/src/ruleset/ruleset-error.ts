import { BaseError } from '../errors/base-error.ts'
import { describeValue } from '../errors/describe-value.ts'

/**
 * Thrown for what is not a ruleset. Codes: `oversized_ruleset`; `not_canonical`, for JSON in another form than spec 4's;
 * `malformed_ruleset`, with the field, for a value that is out of place.
 */
export class RulesetError extends BaseError {
  override readonly name = 'RulesetError'
  declare readonly code: 'oversized_ruleset' | 'not_canonical' | 'malformed_ruleset'
}

/** `value` stands at `field` (a path such as `programs.0.name`), where `expected` should. */
export const malformedRuleset = (field: string, value: unknown, expected: string): RulesetError =>
  new RulesetError({
    code: 'malformed_ruleset',
    message: `The ruleset has ${describeValue(value)} at ${field}; expected ${expected}.`,
    fix: 'Correct the ruleset; specs/4-ruleset.md shows a whole one.',
    field,
    value: describeValue(value),
  })

/** The document does not have the one form its hash is over. */
export const notCanonical = (what: string, cause?: unknown): RulesetError =>
  new RulesetError({
    code: 'not_canonical',
    message: `The ruleset document is not canonical JSON: ${what}.`,
    fix: 'Write it with serializeRuleset: keys sorted and once each, no white space, integers below 2^53, printable ASCII.',
    field: 'ruleset',
    cause,
  })
