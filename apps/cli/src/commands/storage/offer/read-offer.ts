import { type ChainReader, readStorageOfferOf, type StandingStorageOffer } from '@cairn/chain'
import { BaseError, type NetworkId } from '@cairn/protocol'
import { ContractFunctionRevertedError, BaseError as ViemError } from 'viem'

/** The device offers nothing, or not any more; code `no_offer`. */
class OfferError extends BaseError {}

/**
 * The offer of a device, open or not.
 *
 * @throws OfferError where its owner made none
 */
export async function readOffer(
  open: ChainReader & { readonly file: { readonly network: NetworkId } },
  device: number,
): Promise<StandingStorageOffer> {
  try {
    return await readStorageOfferOf(open, { network: open.file.network, device })
  } catch (error) {
    if (isNoOffer(error)) throw noOffer(device, 'its owner has made no offer')
    throw error
  }
}

/** For a device that can not be dealt with. */
export function noOffer(device: number, why: string): OfferError {
  return new OfferError({
    code: 'no_offer',
    field: 'device',
    value: String(device),
    message: `Device ${device} does not offer to store: ${why}.`,
    fix: 'Name another device, or have its owner send `cairn storage offer set`.',
  })
}

function isNoOffer(error: unknown): boolean {
  if (!(error instanceof ViemError)) return false
  const reverted = error.walk((cause) => cause instanceof ContractFunctionRevertedError)
  return reverted instanceof ContractFunctionRevertedError && reverted.data?.errorName === 'NoOffer'
}
