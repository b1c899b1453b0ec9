import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { operatorBondsAbi } from '../generated/operator-bonds.ts'

/** Executes the faults of a data set on its device's bond, from anybody, each once. */
export function slashPossession(deployment: Deployment, { set }: { readonly set: bigint }): Call {
  return encodeCall({
    contract: 'OperatorBonds',
    to: deployment.addresses.operatorBonds,
    abi: operatorBondsAbi,
    functionName: 'slashPossession',
    args: [set],
  })
}
