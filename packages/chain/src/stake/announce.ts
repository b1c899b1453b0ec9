import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { stakeAbi } from '../generated/stake.ts'
import { type Role, roleNumber } from './role.ts'

/** What {@link announce} needs. */
export interface AnnounceArgs {
  readonly network: NetworkId
  readonly role: Role
  readonly url: string
}

/** Says where the sender serves: an http(s) URL of at most 200 bytes. */
export function announce(deployment: Deployment, { network, role, url }: AnnounceArgs): Call {
  return encodeCall({
    contract: 'Stake',
    to: deployment.addresses.stake,
    abi: stakeAbi,
    functionName: 'announce',
    args: [network, roleNumber(role), url],
  })
}
