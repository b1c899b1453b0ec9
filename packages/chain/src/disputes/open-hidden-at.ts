import { type Hex, type NetworkId, type Root, toHex } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { disputesAbi } from '../generated/disputes.ts'
import type { NodePlace } from './node-place.ts'
import { type TreeKind, treeKindNumber } from './tree-kind.ts'

/** What {@link openHiddenAt} needs. */
export interface OpenHiddenAtArgs {
  readonly network: NetworkId
  readonly root: Root
  readonly tree: TreeKind
  readonly place: NodePlace
  /** 32 random bytes. */
  readonly salt: Hex
}

/** Kind 2 for a node further down. Announced with `commitChallenge` at least one block before. */
export function openHiddenAt(
  deployment: Deployment,
  { network, root, tree, place, salt }: OpenHiddenAtArgs,
): Call {
  return encodeCall({
    contract: 'Disputes',
    to: deployment.addresses.disputes,
    abi: disputesAbi,
    functionName: 'openHiddenAt',
    args: [
      network,
      root,
      treeKindNumber(tree),
      { ...place, node: toHex(place.node), siblings: toHex(place.siblings) },
      salt,
    ],
  })
}
