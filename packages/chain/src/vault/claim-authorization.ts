import { deviceId, type NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'

/** What a device's owner signs so that somebody else can claim for it. */
export interface ClaimAuthorization {
  readonly network: NetworkId
  readonly index: number
  readonly recipient: Address
  /** Exactly what will be claimed, so an authorization serves once. */
  readonly cumulative: bigint
  /** What the sender of the claim may keep. */
  readonly fee: bigint
  /** Unix seconds. */
  readonly deadline: bigint
}

/** The EIP-712 typed data of an authorization, for `account.signTypedData`. */
export function claimAuthorizationTypedData(
  { chainId, vault }: { readonly chainId: number; readonly vault: Address },
  { network, index, recipient, cumulative, fee, deadline }: ClaimAuthorization,
) {
  return {
    domain: { name: 'Cairn', version: '1', chainId, verifyingContract: vault },
    types: {
      ClaimAuthorization: [
        { name: 'deviceId', type: 'uint256' },
        { name: 'recipient', type: 'address' },
        { name: 'minimumCumulative', type: 'uint128' },
        { name: 'fee', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    primaryType: 'ClaimAuthorization',
    message: { deviceId: deviceId(network, index), recipient, minimumCumulative: cumulative, fee, deadline },
  } as const
}
