import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { operatorBondsAbi } from '../generated/operator-bonds.ts'

/** What {@link depositBond} needs. */
export interface DepositBondArgs {
  readonly network: NetworkId
  /** The device's. */
  readonly index: number
  readonly amount: bigint
}

/** Adds to a device's bond, from anybody. The token's allowance for OperatorBonds comes first: `approve`. */
export function depositBond(deployment: Deployment, { network, index, amount }: DepositBondArgs): Call {
  return encodeCall({
    contract: 'OperatorBonds',
    to: deployment.addresses.operatorBonds,
    abi: operatorBondsAbi,
    functionName: 'deposit',
    args: [network, index, amount],
  })
}
