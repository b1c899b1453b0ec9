import {
  buildPayoutTree,
  buildWorkTree,
  carryTags,
  deriveTops,
  emptyLeaf,
  type Root,
  type Tops,
  toHex,
  verdictTags,
  type WorkLeaf,
} from '@cairn/protocol'
import { zeroHash } from 'viem'
import type { NetworkHistory } from '../history/network-history.ts'

/** A root that a contract accepts, of a network with one device and no evidence. */
export interface OneDeviceRoot {
  readonly root: Root
  readonly tops: Tops
  readonly work: { readonly leaf: WorkLeaf; readonly siblings: Uint8Array }
}

/** The first root of the network, over the epochs up to `last`: the device has that work, and is paid that much. */
export function oneDeviceRoot(
  history: NetworkHistory,
  { last, work, payout }: { last: number; work: WorkLeaf['work']; payout: bigint },
): OneDeviceRoot {
  const leaf: WorkLeaf = { index: 0, work, verdictHash: emptyLeaf(verdictTags), verdictCount: 0 }
  const payouts = buildPayoutTree([payout])
  const works = buildWorkTree([leaf])
  const root: Root = {
    parent: zeroHash,
    first: 0,
    last,
    evidenceEnd: 0,
    evidenceSet: 0n,
    ruleset: history.rulesetAt(last)!.hash,
    deviceCount: 1,
    payoutHash: toHex(payouts.hash),
    payoutSum: payout,
    workHash: toHex(works.hash),
    workSums: work,
    carryHash: toHex(emptyLeaf(carryTags)),
    carryCount: 0,
    partitionHash: zeroHash,
  }
  return { root, tops: deriveTops(payouts, works), work: { leaf, siblings: new Uint8Array() } }
}
