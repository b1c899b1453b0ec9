/**
 * Storage: an S3 service on many people's disks, every shard under proof.
 *
 * @packageDocumentation
 */
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
