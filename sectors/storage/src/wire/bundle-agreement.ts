import { concatBytes } from '@cairn/protocol'
import { type BundleList, encodeBundleList, parseBundleList } from '../bundle/bundle-list.ts'
import { deriveBundle } from '../bundle/derive-bundle.ts'
import { wordBytes } from './fields.ts'
import { deriveStorageDigest, type SignDigest, type StorageDomain } from './storage-domain.ts'
import { malformed } from './wire-error.ts'

/** What a customer signs so that a bundle becomes a piece of a rail's set. */
export interface BundleTerms {
  readonly rail: bigint
  /** The piece it becomes, from 0. */
  readonly piece: number
  /** 32 bytes. */
  readonly root: Uint8Array
  readonly leaves: number
}

/** A bundle with the customer's consent: the body of `POST /bundles`. */
export interface AgreedBundle {
  readonly list: BundleList
  /** r ‖ s ‖ v, 65 bytes. */
  readonly signature: Uint8Array
}

const bundleType = 'StorageBundle(uint64 rail,uint32 piece,bytes32 root,uint64 leaves)'
const signatureBytes = 65

const refusal = malformed('bundle', 'Send the signature, 65 bytes, and the list of the bundle.')

/** What the customer signs, 32 bytes. */
export const deriveBundleDigest = (domain: StorageDomain, terms: BundleTerms): Uint8Array =>
  deriveStorageDigest(domain, bundleType, [
    wordBytes(terms.rail),
    wordBytes(terms.piece),
    terms.root,
    wordBytes(terms.leaves),
  ])

/** What is signed for a list. */
export const bundleTermsOf = (list: BundleList): BundleTerms => {
  const { root, leaves } = deriveBundle(list.rows)
  return { rail: list.rail, piece: list.piece, root, leaves }
}

/** Signs the bundle of a list. */
export const signBundle = async (
  sign: SignDigest,
  domain: StorageDomain,
  list: BundleList,
): Promise<AgreedBundle> => ({ list, signature: await sign(deriveBundleDigest(domain, bundleTermsOf(list))) })

/** `signature 65 ‖ list`. */
export const encodeAgreedBundle = ({ list, signature }: AgreedBundle): Uint8Array =>
  concatBytes(signature, encodeBundleList(list))

/** @throws WireError `malformed_bundle` */
export const parseAgreedBundle = (bytes: Uint8Array): AgreedBundle => {
  if (bytes.length < signatureBytes) throw refusal(bytes, 'They end in the signature.')
  return { signature: bytes.slice(0, signatureBytes), list: parseBundleList(bytes.subarray(signatureBytes)) }
}
