import { type Hex, toHex } from '@cairn/protocol'
import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { rewardVaultAbi } from '../generated/reward-vault.ts'

/** What {@link claimBatch} needs. */
export interface ClaimBatchArgs {
  /** The network's vault: `readVaultOf`. */
  readonly vault: Address
  readonly rootId: Hex
  readonly first: number
  readonly cumulatives: readonly bigint[]
  readonly siblings: Uint8Array
}

/** Claims for the neighbours first … first + n − 1 with one multiproof (spec 5). Anybody. */
export function claimBatch({ vault, rootId, first, cumulatives, siblings }: ClaimBatchArgs): Call {
  return encodeCall({
    contract: 'RewardVault',
    to: vault,
    abi: rewardVaultAbi,
    functionName: 'claimBatch',
    args: [rootId, first, cumulatives, toHex(siblings)],
  })
}
