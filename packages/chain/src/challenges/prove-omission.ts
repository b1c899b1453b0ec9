import type { Hex, Receipt } from '@cairn/protocol'
import { zeroHash } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { ingestChallengesAbi } from '../generated/ingest-challenges.ts'

/** What {@link proveOmission} needs. */
export interface ProveOmissionArgs {
  readonly receipt: Receipt
  /** The report hash at that index with its path; left out where the ingest committed nothing, or less. */
  readonly standing?: { readonly leaf: Hex; readonly path: readonly Hex[] }
  /** 32 random bytes. */
  readonly salt: Hex
}

/** Kind 7: a receipt, and what stands at its index of the committed root instead. Announced with `commitChallenge` at least one block before. */
export function proveOmission(deployment: Deployment, { receipt, standing, salt }: ProveOmissionArgs): Call {
  return encodeCall({
    contract: 'IngestChallenges',
    to: deployment.addresses.ingestChallenges,
    abi: ingestChallengesAbi,
    functionName: 'proveOmission',
    args: [
      receipt.group,
      receipt.signature,
      receipt.recordHash,
      receipt.index,
      receipt.path,
      standing?.leaf ?? zeroHash,
      standing?.path ?? [],
      salt,
    ],
  })
}
