import { BaseError } from '@cairn/protocol'

/** Why the agent can not do what it is asked. */
export type AgentErrorCode =
  | 'corrupt_outbox'
  | 'outbox_full'
  | 'outbox_closed'
  | 'outbox_write_failed'
  | 'unknown_device'
  | 'device_exists'
  | 'wrong_option'
  | 'oversized_observation'
  | 'sequences_exhausted'

/** Thrown by the agent. */
export class AgentError extends BaseError {
  override readonly name = 'AgentError'
  declare readonly code: AgentErrorCode
}
