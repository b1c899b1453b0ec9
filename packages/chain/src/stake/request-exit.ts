import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { stakeAbi } from '../generated/stake.ts'
import { type Role, roleNumber } from './role.ts'

/** What {@link requestExit} needs. */
export interface RequestExitArgs {
  readonly network: NetworkId
  readonly role: Role
  readonly amount: bigint
}

/** Takes a part of the bond out of snapshots from the next epoch on; it can be withdrawn after exitSeconds. */
export function requestExit(deployment: Deployment, { network, role, amount }: RequestExitArgs): Call {
  return encodeCall({
    contract: 'Stake',
    to: deployment.addresses.stake,
    abi: stakeAbi,
    functionName: 'requestExit',
    args: [network, roleNumber(role), amount],
  })
}
