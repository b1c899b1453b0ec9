import type { Hex, NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { operatorBondsAbi } from '../generated/operator-bonds.ts'

/** What {@link clearBondExit} needs. */
export interface ClearBondExitArgs {
  readonly network: NetworkId
  readonly index: number
  /** A final root that covers all evidence of the epochs the bond counted in; `0x00…` where the network has no evidence yet. */
  readonly rootId: Hex
}

/** Says that every epoch the leaving bond counted in is settled, from anybody. After it there are responseSeconds to execute what those roots found. */
export function clearBondExit(deployment: Deployment, { network, index, rootId }: ClearBondExitArgs): Call {
  return encodeCall({
    contract: 'OperatorBonds',
    to: deployment.addresses.operatorBonds,
    abi: operatorBondsAbi,
    functionName: 'clearExit',
    args: [network, index, rootId],
  })
}
