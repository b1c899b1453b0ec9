import type { Hex, NetworkId, Root } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { challengesAbi } from '../generated/challenges.ts'
import {
  encodeVerdictEntryProof,
  encodeWorkLeafProof,
  type VerdictEntryProof,
  type WorkLeafProof,
} from './proofs.ts'

/** What {@link proveDisorder} needs. */
export interface ProveDisorderArgs {
  readonly network: NetworkId
  readonly root: Root
  readonly work: WorkLeafProof
  readonly a: VerdictEntryProof
  readonly b: VerdictEntryProof
  /** 32 random bytes. */
  readonly salt: Hex
}

/** Kind 3: two neighbours of a verdict tree are not in ascending order. Announced with `commitChallenge` at least one block before. */
export function proveDisorder(
  deployment: Deployment,
  { network, root, work, a, b, salt }: ProveDisorderArgs,
): Call {
  return encodeCall({
    contract: 'Challenges',
    to: deployment.addresses.challenges,
    abi: challengesAbi,
    functionName: 'proveDisorder',
    args: [
      network,
      root,
      encodeWorkLeafProof(work),
      encodeVerdictEntryProof(a),
      encodeVerdictEntryProof(b),
      salt,
    ],
  })
}
