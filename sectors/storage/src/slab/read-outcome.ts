import { OperatorClientError } from '../operator-client/operator-client-error.ts'
import { TimeLimitError } from './within-ms.ts'

/** How an operator did not give bytes. */
export type ReadFailure = 'refused' | 'unanswered'

/** What an error says of the operator; undefined where it says nothing of it: who reads had not paid, or broke off. */
export function failureOf(error: unknown): ReadFailure | undefined {
  if (error instanceof TimeLimitError) return 'unanswered'
  if (!(error instanceof OperatorClientError) || error.code === 'payment_due') return undefined
  const isSilent = error.code === 'operator_unreachable' || error.code === 'operator_timeout'
  return isSilent ? 'unanswered' : 'refused'
}

/** How a row is lost at its holder: it gives other bytes than the slab commits to, or says itself that it does not have it. */
export type RowLoss = 'wrong' | 'absent'

/** Whether the operator says that it does not have the row. */
export const isAbsence = (error: unknown): boolean =>
  error instanceof OperatorClientError && (error.code === 'no_such_row' || error.code === 'damaged_row')
