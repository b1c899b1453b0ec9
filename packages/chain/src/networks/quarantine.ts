import type { Hex, NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { networksAbi } from '../generated/networks.ts'

/** What {@link quarantine} needs. */
export interface QuarantineArgs {
  readonly network: NetworkId
  readonly reportHash: Hex
}

/** From the next epoch on, verifiers give the report's observations reason 4; the network's owner sends it. */
export function quarantine(deployment: Deployment, { network, reportHash }: QuarantineArgs): Call {
  return encodeCall({
    contract: 'Networks',
    to: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'quarantine',
    args: [network, reportHash],
  })
}
