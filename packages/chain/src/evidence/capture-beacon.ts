import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { evidenceAbi } from '../generated/evidence.ts'

/** What {@link captureBeacon} needs. */
export interface CaptureBeaconArgs {
  readonly network: NetworkId
  readonly epoch: number
}

/** Fixes the beacon of an epoch that has begun; anybody, and again without effect. */
export function captureBeacon(deployment: Deployment, { network, epoch }: CaptureBeaconArgs): Call {
  return encodeCall({
    contract: 'Evidence',
    to: deployment.addresses.evidence,
    abi: evidenceAbi,
    functionName: 'captureBeacon',
    args: [network, epoch],
  })
}
