import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { networksAbi } from '../generated/networks.ts'

/** What {@link changeOwner} needs. */
export interface ChangeOwnerArgs {
  readonly network: NetworkId
  readonly owner: Address
}

/** Hands the network to another owner; the network's owner sends it. */
export function changeOwner(deployment: Deployment, { network, owner }: ChangeOwnerArgs): Call {
  return encodeCall({
    contract: 'Networks',
    to: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'changeOwner',
    args: [network, owner],
  })
}
