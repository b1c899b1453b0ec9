import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { operatorBondsAbi } from '../generated/operator-bonds.ts'

/** By the device's owner: takes out what has left. */
export function withdrawBond(
  deployment: Deployment,
  { network, index }: { readonly network: NetworkId; readonly index: number },
): Call {
  return encodeCall({
    contract: 'OperatorBonds',
    to: deployment.addresses.operatorBonds,
    abi: operatorBondsAbi,
    functionName: 'withdraw',
    args: [network, index],
  })
}
