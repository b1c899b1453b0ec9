import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { disputesAbi } from '../generated/disputes.ts'

/** What {@link payOwed} needs. */
export interface PayOwedArgs {
  readonly network: NetworkId
  readonly to: Address
}

/** Pays out a bond whose transfer failed before. Anybody. */
export function payOwed(deployment: Deployment, { network, to }: PayOwedArgs): Call {
  return encodeCall({
    contract: 'Disputes',
    to: deployment.addresses.disputes,
    abi: disputesAbi,
    functionName: 'payOwed',
    args: [network, to],
  })
}
