import { type Hex, toHex } from '@cairn/protocol'
import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { rewardVaultAbi } from '../generated/reward-vault.ts'

/** What {@link claim} needs. */
export interface ClaimArgs {
  /** The network's vault: `readVaultOf`. */
  readonly vault: Address
  readonly rootId: Hex
  readonly index: number
  readonly cumulative: bigint
  /** 48 bytes each, from the leaf up. */
  readonly siblings: Uint8Array
}

/** Pays a device's owner what a final root says it earned, less what was claimed. Anybody. */
export function claim({ vault, rootId, index, cumulative, siblings }: ClaimArgs): Call {
  return encodeCall({
    contract: 'RewardVault',
    to: vault,
    abi: rewardVaultAbi,
    functionName: 'claim',
    args: [rootId, index, cumulative, toHex(siblings)],
  })
}
