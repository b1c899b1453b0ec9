import { type Hex, toHex } from '@cairn/protocol'
import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { rewardVaultAbi } from '../generated/reward-vault.ts'

/** What {@link claimWithAuthorization} needs. */
export interface ClaimWithAuthorizationArgs {
  /** The network's vault: `readVaultOf`. */
  readonly vault: Address
  readonly rootId: Hex
  readonly index: number
  readonly cumulative: bigint
  readonly siblings: Uint8Array
  readonly recipient: Address
  readonly fee: bigint
  /** Unix seconds. */
  readonly deadline: bigint
  readonly signature: Hex
}

/** Claims for an owner who only signed: see `claimAuthorizationTypedData`. The sender gets `fee`. */
export function claimWithAuthorization({
  vault,
  rootId,
  index,
  cumulative,
  siblings,
  recipient,
  fee,
  deadline,
  signature,
}: ClaimWithAuthorizationArgs): Call {
  return encodeCall({
    contract: 'RewardVault',
    to: vault,
    abi: rewardVaultAbi,
    functionName: 'claimWithAuthorization',
    args: [rootId, index, cumulative, toHex(siblings), recipient, fee, deadline, signature],
  })
}
