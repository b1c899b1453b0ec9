import type { Hex } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { settlementAbi } from '../generated/settlement.ts'

/** What {@link collect} needs. */
export interface CollectArgs {
  readonly rootId: Hex
}

/** Pays the winner its third of what was slashed for a removed root, once it is clear who opened first. Anybody. */
export function collect(deployment: Deployment, { rootId }: CollectArgs): Call {
  return encodeCall({
    contract: 'Settlement',
    to: deployment.addresses.settlement,
    abi: settlementAbi,
    functionName: 'collect',
    args: [rootId],
  })
}
