import type { Hex } from '@cairn/protocol'
import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { settlementAbi } from '../generated/settlement.ts'

/** What {@link resolve} needs. */
export interface ResolveArgs {
  readonly rootId: Hex
  readonly verifier: Address
}

/** Pays, slashes or lets go an attester of a root that is decided. Anybody. */
export function resolve(deployment: Deployment, { rootId, verifier }: ResolveArgs): Call {
  return encodeCall({
    contract: 'Settlement',
    to: deployment.addresses.settlement,
    abi: settlementAbi,
    functionName: 'resolve',
    args: [rootId, verifier],
  })
}
