import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { networksAbi } from '../generated/networks.ts'

/** What {@link requireMaker} needs. */
export interface RequireMakerArgs {
  readonly network: NetworkId
  readonly deviceClass: number
  readonly required: boolean
}

/** Makes registrations of a class need a maker's signature, or no longer; the network's owner sends it. */
export function requireMaker(
  deployment: Deployment,
  { network, deviceClass, required }: RequireMakerArgs,
): Call {
  return encodeCall({
    contract: 'Networks',
    to: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'requireMaker',
    args: [network, deviceClass, required],
  })
}
