import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'

/** By the payer: another signer; the zero address for itself. */
export function setRailSigner(
  deployment: Deployment,
  { rail, signer }: { readonly rail: bigint; readonly signer: Address },
): Call {
  return encodeCall({
    contract: 'StorageRails',
    to: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'setSigner',
    args: [rail, signer],
  })
}
