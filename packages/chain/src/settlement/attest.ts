import type { Hex, NetworkId, Root, Tops } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { settlementAbi } from '../generated/settlement.ts'

/** What {@link attest} needs. */
export interface AttestArgs {
  readonly network: NetworkId
  readonly root: Root
  readonly tops: Tops
  /** Digest of the verdict stream keyed by the verifier. */
  readonly streamDigest: Hex
}

/** A verifier's vote for a root, in [availabilityEnd(last), attestEnd(last)). */
export function attest(deployment: Deployment, { network, root, tops, streamDigest }: AttestArgs): Call {
  return encodeCall({
    contract: 'Settlement',
    to: deployment.addresses.settlement,
    abi: settlementAbi,
    functionName: 'attest',
    args: [network, root, tops, streamDigest],
  })
}
