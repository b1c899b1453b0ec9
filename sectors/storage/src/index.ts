/**
 * Storage: an S3 service on many people's disks, every shard under proof.
 *
 * @packageDocumentation
 */
export {
  type BundleList,
  type BundleRow,
  encodeBundleList,
  MAX_BUNDLE_ROWS,
  parseBundleList,
  sortBundleRows,
} from './bundle/bundle-list.ts'
export { type Bundle, deriveBundle, deriveBundlePath, findBundleLeaf } from './bundle/derive-bundle.ts'
export {
  CODES_BY_SIZE,
  chooseErasureCode,
  type ErasureCode,
  MAX_INLINE_BYTES,
} from './erasure/erasure-code.ts'
export { createErasureCoder, type ErasureCoder } from './erasure/erasure-coder.ts'
export { ErasureError } from './erasure/erasure-error.ts'
export { encodePieceCid, formatPieceCid, parsePieceCid, parsePieceCidBytes } from './piece/piece-cid.ts'
export { PieceError } from './piece/piece-error.ts'
export {
  createPieceHasher,
  createPieceIndexer,
  derivePiece,
  derivePieceIndex,
  type Piece,
  type PieceHasher,
  type PieceIndex,
} from './piece/piece-hasher.ts'
export {
  derivePiecePath,
  derivePiecePathOf,
  derivePieceSegment,
  type PiecePath,
  type PieceSegment,
  verifyPiecePath,
} from './piece/piece-path.ts'
export {
  answerChallenges,
  challengedLeaves,
  type HeldPiece,
  type LeafProof,
} from './possession/answer-challenges.ts'
export {
  CERTAIN_PPB,
  type DetectionCase,
  detectionPpb,
  meanPeriodsToDetectMilli,
  periodsToDetect,
} from './possession/detection.ts'
export { type ChallengeSeed, deriveLeafChallenges, type LeafChallenge } from './possession/leaf-challenges.ts'
export { PossessionError } from './possession/possession-error.ts'
export {
  deriveProvingPeriod,
  type ProvingClock,
  type ProvingPeriod,
  periodAt,
} from './possession/proving-clock.ts'
export { deriveReputation, findDivergence, type Reputation } from './reputation/derive-reputation.ts'
export { defaultReputationParameters, type ReputationParameters } from './reputation/parameters.ts'
export {
  parseRecord,
  periodSubject,
  ReputationError,
  type ReputationRecord,
  serializeRecord,
} from './reputation/record.ts'
export {
  type AgreedBundle,
  type BundleTerms,
  bundleTermsOf,
  deriveBundleDigest,
  encodeAgreedBundle,
  parseAgreedBundle,
  signBundle,
} from './wire/bundle-agreement.ts'
export { encodeRowHead, parseRowBody, type RowBody } from './wire/row-body.ts'
export {
  deriveReceiptMessage,
  encodeRowReceipt,
  parseRowReceipt,
  type RowPromise,
  type RowReceipt,
  verifyRowReceipt,
} from './wire/row-receipt.ts'
export {
  deriveSlabId,
  encodeDescriptor,
  MAX_ROW_BYTES,
  parseDescriptor,
  rowBytesOf,
  rowHeightOf,
  SLAB_KINDS,
  type SlabDescriptor,
  type SlabKind,
} from './wire/slab-descriptor.ts'
export {
  encodeHolding,
  encodeListing,
  formatListingPlace,
  type ListedSlab,
  type ListingPlace,
  parseHolding,
  parseListing,
  parseListingPlace,
  type SlabHolding,
} from './wire/slab-listing.ts'
export type { RecoverSigner, SignDigest, StorageDomain } from './wire/storage-domain.ts'
export {
  deriveOrderDigest,
  encodeOrder,
  formatAuthorization,
  ORDER_ACTIONS,
  type OrderAction,
  type OrderContext,
  type OrderVerdict,
  parseAuthorization,
  parseOrder,
  type SignedOrder,
  type StorageOrder,
  signOrder,
  verifyOrder,
} from './wire/storage-order.ts'
export { WireError } from './wire/wire-error.ts'
