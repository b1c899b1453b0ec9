/**
 * What a customer's gateway and whoever repairs ask of an operator.
 *
 * @packageDocumentation
 */
export {
  type CallOptions,
  createOperatorClient,
  type OperatorClient,
  type OperatorClientOptions,
  type OperatorInfo,
  type RowRange,
  type RowUpload,
} from './create-operator-client.ts'
export { createOrderSource, type OrderSource, type OrderSourceOptions } from './create-order-source.ts'
export { OperatorClientError } from './operator-client-error.ts'
