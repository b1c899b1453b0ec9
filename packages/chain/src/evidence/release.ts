import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { evidenceAbi } from '../generated/evidence.ts'

/** What {@link releaseEvidence} needs. */
export interface ReleaseEvidenceArgs {
  readonly network: NetworkId
  readonly slot: number
}

/** Ends the ingest's liability for a commitment, challengeSeconds after its sealing. Anybody. */
export function releaseEvidence(deployment: Deployment, { network, slot }: ReleaseEvidenceArgs): Call {
  return encodeCall({
    contract: 'Evidence',
    to: deployment.addresses.evidence,
    abi: evidenceAbi,
    functionName: 'release',
    args: [network, slot],
  })
}
