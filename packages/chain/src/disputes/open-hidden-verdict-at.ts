import { type Hex, type NetworkId, type Root, toHex } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import { encodeWorkLeafProof, type WorkLeafProof } from '../challenges/proofs.ts'
import type { Deployment } from '../deployment.ts'
import { disputesAbi } from '../generated/disputes.ts'
import type { NodePlace } from './node-place.ts'

/** What {@link openHiddenVerdictAt} needs. */
export interface OpenHiddenVerdictAtArgs {
  readonly network: NetworkId
  readonly root: Root
  readonly work: WorkLeafProof
  readonly place: NodePlace
  /** 32 random bytes. */
  readonly salt: Hex
}

/** Kind 2 for a node further down in the verdict tree under a work leaf. Announced with `commitChallenge` at least one block before. */
export function openHiddenVerdictAt(
  deployment: Deployment,
  { network, root, work, place, salt }: OpenHiddenVerdictAtArgs,
): Call {
  return encodeCall({
    contract: 'Disputes',
    to: deployment.addresses.disputes,
    abi: disputesAbi,
    functionName: 'openHiddenVerdictAt',
    args: [
      network,
      root,
      encodeWorkLeafProof(work),
      { ...place, node: toHex(place.node), siblings: toHex(place.siblings) },
      salt,
    ],
  })
}
