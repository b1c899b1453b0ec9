import type { Hex, NetworkId, Root } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { challengesAbi } from '../generated/challenges.ts'
import { encodeWorkDescent, encodeWorkLeafProof, type WorkDescent, type WorkLeafProof } from './proofs.ts'

/** What {@link proveBadVerdictSum} needs. */
export interface ProveBadVerdictSumArgs {
  readonly network: NetworkId
  readonly root: Root
  readonly work: WorkLeafProof
  readonly descent: WorkDescent
  /** 32 random bytes. */
  readonly salt: Hex
}

/** Kind 3: in the verdict tree under a work leaf, the last pair's sums do not add up to the node above it. Announced with `commitChallenge` at least one block before. */
export function proveBadVerdictSum(
  deployment: Deployment,
  { network, root, work, descent, salt }: ProveBadVerdictSumArgs,
): Call {
  return encodeCall({
    contract: 'Challenges',
    to: deployment.addresses.challenges,
    abi: challengesAbi,
    functionName: 'proveBadVerdictSum',
    args: [network, root, encodeWorkLeafProof(work), encodeWorkDescent(descent), salt],
  })
}
