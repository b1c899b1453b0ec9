import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { networksAbi } from '../generated/networks.ts'

/** What {@link setMaker} needs. */
export interface SetMakerArgs {
  readonly network: NetworkId
  readonly deviceClass: number
  readonly maker: Address
  readonly approved: boolean
}

/** Approves a maker for a device class, or no longer; the network's owner sends it. */
export function setMaker(
  deployment: Deployment,
  { network, deviceClass, maker, approved }: SetMakerArgs,
): Call {
  return encodeCall({
    contract: 'Networks',
    to: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'setMaker',
    args: [network, deviceClass, maker, approved],
  })
}
