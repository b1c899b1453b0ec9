import { type ChainReader, type Submitter, storageDomain, type Timeline } from '@cairn/chain'
import { type Hex, type NetworkId, toHex } from '@cairn/protocol'
import { type LocalAccount, recoverAddress } from 'viem'
import { createCustomerChain } from './customer-chain.ts'
import type { FollowedRails } from './follow-rails.ts'
import { createPayChain } from './pay-chain.ts'
import { createProofChain } from './proof-chain.ts'
import type { StorageChain } from './storage-seam.ts'

/** Which device of which network, and the account that acts for it. */
export interface StorageChainOptions {
  readonly network: NetworkId
  readonly timeline: Timeline
  readonly device: number
  readonly account: LocalAccount
  readonly submitter: Submitter
  /** The rails to the device. */
  readonly rails: FollowedRails
  readonly signal?: AbortSignal
}

/** The chain that an operator of storage works with. */
export function createStorageChain(reader: ChainReader, options: StorageChainOptions): StorageChain {
  const { network } = options
  const { chainId, verifyingContract } = storageDomain(reader.deployment)
  return {
    context: { chainId, verifyingContract, network },
    recover: async (digest, signature) => {
      try {
        const address = await recoverAddress({ hash: toHex(digest), signature: toHex(signature) })
        return address.toLowerCase() as Hex
      } catch {
        return undefined
      }
    },
    ...createCustomerChain(reader, options),
    ...createProofChain(reader, options),
    ...createPayChain(reader, options),
  }
}
