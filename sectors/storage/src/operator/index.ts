/**
 * The operator's side of storage: keeps rows for customers, serves them, and proves that it has them.
 *
 * @packageDocumentation
 */
export { createOperator } from './create-operator.ts'
