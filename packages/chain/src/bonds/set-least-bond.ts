import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { operatorBondsAbi } from '../generated/operator-bonds.ts'

/** By the network's owner: the least bond of a device class, in the token's smallest unit; 0 for none. */
export function setLeastBond(
  deployment: Deployment,
  {
    network,
    deviceClass,
    amount,
  }: { readonly network: NetworkId; readonly deviceClass: number; readonly amount: bigint },
): Call {
  return encodeCall({
    contract: 'OperatorBonds',
    to: deployment.addresses.operatorBonds,
    abi: operatorBondsAbi,
    functionName: 'setLeastBond',
    args: [network, deviceClass, amount],
  })
}
