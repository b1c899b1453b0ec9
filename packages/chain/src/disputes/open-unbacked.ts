import type { Hex, NetworkId, Root } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import {
  encodeVerdictEntryProof,
  encodeWorkLeafProof,
  type VerdictEntryProof,
  type WorkLeafProof,
} from '../challenges/proofs.ts'
import type { Deployment } from '../deployment.ts'
import { disputesAbi } from '../generated/disputes.ts'

/** What {@link openUnbacked} needs. */
export interface OpenUnbackedArgs {
  readonly network: NetworkId
  readonly root: Root
  readonly work: WorkLeafProof
  readonly verdict: VerdictEntryProof
  /** 32 random bytes. */
  readonly salt: Hex
}

/** Kind 4: demands the report that an entry with work rests on. Takes the challenge bond (`approve` first). Announced with `commitChallenge` at least one block before. */
export function openUnbacked(
  deployment: Deployment,
  { network, root, work, verdict, salt }: OpenUnbackedArgs,
): Call {
  return encodeCall({
    contract: 'Disputes',
    to: deployment.addresses.disputes,
    abi: disputesAbi,
    functionName: 'openUnbacked',
    args: [network, root, encodeWorkLeafProof(work), encodeVerdictEntryProof(verdict), salt],
  })
}
