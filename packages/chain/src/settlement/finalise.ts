import type { Hex } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { settlementAbi } from '../generated/settlement.ts'

/** What {@link finalise} needs. */
export interface FinaliseArgs {
  readonly rootId: Hex
}

/** Makes a root final whose window is over; its increase of payouts goes to the vault. Anybody. */
export function finalise(deployment: Deployment, { rootId }: FinaliseArgs): Call {
  return encodeCall({
    contract: 'Settlement',
    to: deployment.addresses.settlement,
    abi: settlementAbi,
    functionName: 'finalise',
    args: [rootId],
  })
}
