import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { stakeAbi } from '../generated/stake.ts'
import { type Role, roleNumber } from './role.ts'

/** What {@link deposit} needs. */
export interface DepositArgs {
  readonly network: NetworkId
  readonly role: Role
  readonly amount: bigint
}

/** Puts up a bond, which counts from the next epoch on. The token's allowance for the Stake contract comes first: `approve`. */
export function deposit(deployment: Deployment, { network, role, amount }: DepositArgs): Call {
  return encodeCall({
    contract: 'Stake',
    to: deployment.addresses.stake,
    abi: stakeAbi,
    functionName: 'deposit',
    args: [network, roleNumber(role), amount],
  })
}
