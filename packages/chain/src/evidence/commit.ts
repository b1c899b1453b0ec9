import type { Hex, NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { evidenceAbi } from '../generated/evidence.ts'

/** What {@link commitEvidence} needs. */
export interface CommitEvidenceArgs {
  readonly network: NetworkId
  readonly epoch: number
  /** The evidence tree's root. */
  readonly root: Hex
  /** Reports. */
  readonly count: number
  readonly sizeBytes: number
}

/** Commits an epoch's evidence, once for each ingest and epoch, in [end, attestEnd): from sealEnd on it is late and has its price (spec 3). */
export function commitEvidence(
  deployment: Deployment,
  { network, epoch, root, count, sizeBytes }: CommitEvidenceArgs,
): Call {
  return encodeCall({
    contract: 'Evidence',
    to: deployment.addresses.evidence,
    abi: evidenceAbi,
    functionName: 'commit',
    args: [network, epoch, root, count, BigInt(sizeBytes)],
  })
}
