/**
 * The agent: runs beside hardware, keeps what it observes, signs it with the devices' keys and brings it to ingests.
 *
 * @packageDocumentation
 */
export { AgentError, type AgentErrorCode } from './agent-error.ts'
export { type Agent, type AgentOptions, type AgentStatus, createAgent } from './create-agent.ts'
export type { IngestEndpoint, IngestStatus } from './delivery.ts'
export {
  type AgentDevice,
  createDeviceKey,
  type DeviceKeyOptions,
  listDeviceKeys,
  openDevice,
} from './devices/device-keystore.ts'
export type { Fetch } from './ingest/bounded-fetch.ts'
export { IngestError, type IngestErrorCode } from './ingest/ingest-error.ts'
export type { RecoverSigner } from './ingest/receipt-check.ts'
export { type Outbox, type OutboxOptions, openOutbox } from './outbox/outbox.ts'
export type { KeptObservation, KeptReport } from './outbox/outbox-entry.ts'
export type { PendingReport } from './outbox/outbox-state.ts'
export { createReceiptStore, type ReceiptStore, type StoredReceipt } from './receipt-store.ts'
export type { Timeline } from './timeline.ts'
