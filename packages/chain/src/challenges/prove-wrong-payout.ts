import type { Hex, NetworkId, Root } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { challengesAbi } from '../generated/challenges.ts'
import { noRoot } from '../settlement/no-root.ts'
import {
  encodePayoutLeafProof,
  encodeWorkLeafProof,
  type PayoutLeafProof,
  type WorkLeafProof,
} from './proofs.ts'

/** What {@link proveWrongPayout} needs. */
export interface ProveWrongPayoutArgs {
  readonly network: NetworkId
  readonly root: Root
  /** Left out for the first root. */
  readonly parent?: Root
  readonly payout: PayoutLeafProof
  /** Left out where there is no parent or the device is not in it. */
  readonly parentPayout?: PayoutLeafProof
  readonly work: WorkLeafProof
  /** 32 random bytes. */
  readonly salt: Hex
}

/** Kind 1: the payout of a leaf is not the parent's plus its part of the pots. Announced with `commitChallenge` at least one block before. */
export function proveWrongPayout(
  deployment: Deployment,
  { network, root, parent, payout, parentPayout, work, salt }: ProveWrongPayoutArgs,
): Call {
  return encodeCall({
    contract: 'Challenges',
    to: deployment.addresses.challenges,
    abi: challengesAbi,
    functionName: 'proveWrongPayout',
    args: [
      network,
      root,
      parent ?? noRoot,
      encodePayoutLeafProof(payout),
      encodePayoutLeafProof(parentPayout ?? { cumulative: 0n, siblings: new Uint8Array() }),
      encodeWorkLeafProof(work),
      salt,
    ],
  })
}
