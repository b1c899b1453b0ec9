import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { operatorBondsAbi } from '../generated/operator-bonds.ts'

/** By the device's owner: asks for `amount` of its bond back. It stays slashable until `withdrawBond`; a second request begins anew. */
export function requestBondExit(
  deployment: Deployment,
  {
    network,
    index,
    amount,
  }: { readonly network: NetworkId; readonly index: number; readonly amount: bigint },
): Call {
  return encodeCall({
    contract: 'OperatorBonds',
    to: deployment.addresses.operatorBonds,
    abi: operatorBondsAbi,
    functionName: 'requestExit',
    args: [network, index, amount],
  })
}
