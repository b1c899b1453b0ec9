import type { Hex, NetworkId, Root } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { disputesAbi } from '../generated/disputes.ts'
import { type TreeKind, treeKindNumber } from './tree-kind.ts'

/** What {@link openHidden} needs. */
export interface OpenHiddenArgs {
  readonly network: NetworkId
  readonly root: Root
  readonly tree: TreeKind
  /** 32 random bytes. */
  readonly salt: Hex
}

/** Kind 2 on the payout, work or carry tree: demands what lies below its top. Takes the challenge bond (`approve` first). Announced with `commitChallenge` at least one block before. */
export function openHidden(deployment: Deployment, { network, root, tree, salt }: OpenHiddenArgs): Call {
  return encodeCall({
    contract: 'Disputes',
    to: deployment.addresses.disputes,
    abi: disputesAbi,
    functionName: 'openHidden',
    args: [network, root, treeKindNumber(tree), salt],
  })
}
