import type { Hex } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { settlementAbi } from '../generated/settlement.ts'

/** What {@link tally} needs. */
export interface TallyArgs {
  readonly rootId: Hex
}

/** Asks again whether a root has its 2/3, for when stake was slashed meanwhile. Anybody. */
export function tally(deployment: Deployment, { rootId }: TallyArgs): Call {
  return encodeCall({
    contract: 'Settlement',
    to: deployment.addresses.settlement,
    abi: settlementAbi,
    functionName: 'tally',
    args: [rootId],
  })
}
