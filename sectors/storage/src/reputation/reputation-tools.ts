import { derivePeriods } from './derive-periods.ts'
import { deriveReputation } from './derive-reputation.ts'
import { defaultReputationParameters } from './parameters.ts'
import { parseRecord, recordHash, serializeRecord } from './record.ts'

/** An operator's reputation, from the chain's events and gateways' records. */
export const reputation = {
  derivePeriods,
  deriveReputation,
  defaultReputationParameters,
  parseRecord,
  recordHash,
  serializeRecord,
}
