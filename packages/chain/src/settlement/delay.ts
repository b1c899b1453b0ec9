import type { Hex } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { settlementAbi } from '../generated/settlement.ts'

/** What {@link delayRoot} needs. */
export interface DelayRootArgs {
  readonly rootId: Hex
}

/** The guardian puts off the finality of a root, once. */
export function delayRoot(deployment: Deployment, { rootId }: DelayRootArgs): Call {
  return encodeCall({
    contract: 'Settlement',
    to: deployment.addresses.settlement,
    abi: settlementAbi,
    functionName: 'delay',
    args: [rootId],
  })
}
