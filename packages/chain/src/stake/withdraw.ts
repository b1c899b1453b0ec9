import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { stakeAbi } from '../generated/stake.ts'
import { type Role, roleNumber } from './role.ts'

/** What {@link withdraw} needs. */
export interface WithdrawArgs {
  readonly network: NetworkId
  readonly role: Role
}

/** Takes out what has exited and answers for nothing any more. */
export function withdraw(deployment: Deployment, { network, role }: WithdrawArgs): Call {
  return encodeCall({
    contract: 'Stake',
    to: deployment.addresses.stake,
    abi: stakeAbi,
    functionName: 'withdraw',
    args: [network, roleNumber(role)],
  })
}
