import type { GroupCommit, Hex } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { ingestChallengesAbi } from '../generated/ingest-challenges.ts'

/** A group commit and the ingest's signature over it, 65 bytes. */
export interface SignedGroupCommit {
  readonly group: GroupCommit
  readonly signature: Hex
}

/** What {@link proveEquivocation} needs. */
export interface ProveEquivocationArgs {
  readonly a: SignedGroupCommit
  readonly b: SignedGroupCommit
  /** 32 random bytes. */
  readonly salt: Hex
}

/** Kind 8: two group commits of one epoch that overlap and differ, both signed by one ingest. Announced with `commitChallenge` at least one block before. */
export function proveEquivocation(deployment: Deployment, { a, b, salt }: ProveEquivocationArgs): Call {
  return encodeCall({
    contract: 'IngestChallenges',
    to: deployment.addresses.ingestChallenges,
    abi: ingestChallengesAbi,
    functionName: 'proveEquivocation',
    args: [a.group, a.signature, b.group, b.signature, salt],
  })
}
