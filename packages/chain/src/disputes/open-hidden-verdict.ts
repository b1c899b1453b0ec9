import type { Hex, NetworkId, Root } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import { encodeWorkLeafProof, type WorkLeafProof } from '../challenges/proofs.ts'
import type { Deployment } from '../deployment.ts'
import { disputesAbi } from '../generated/disputes.ts'

/** What {@link openHiddenVerdict} needs. */
export interface OpenHiddenVerdictArgs {
  readonly network: NetworkId
  readonly root: Root
  readonly work: WorkLeafProof
  /** 32 random bytes. */
  readonly salt: Hex
}

/** Kind 2 on the verdict tree under a work leaf. Announced with `commitChallenge` at least one block before. */
export function openHiddenVerdict(
  deployment: Deployment,
  { network, root, work, salt }: OpenHiddenVerdictArgs,
): Call {
  return encodeCall({
    contract: 'Disputes',
    to: deployment.addresses.disputes,
    abi: disputesAbi,
    functionName: 'openHiddenVerdict',
    args: [network, root, encodeWorkLeafProof(work), salt],
  })
}
