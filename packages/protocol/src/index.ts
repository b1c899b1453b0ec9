export { isLowS, lowS, type Sha256, SIGNATURE_BYTES, SignatureError, type VerifyP256 } from './crypto.ts'
export { BaseError, type BaseErrorParts } from './errors/base-error.ts'
export { describeValue } from './errors/describe-value.ts'
export * from './evidence/index.ts'
export { compareBytes, concatBytes, equalBytes, fromHex, type Hex, HexError, parseHex, toHex } from './hex.ts'
export {
  type DeviceKey,
  deviceId,
  IdentityError,
  keyHash,
  makerDigest,
  NETWORK_ID_BYTES,
  type NetworkId,
  onboardDigestInput,
  parseNetworkId,
  rotateDigestInput,
  splitDeviceId,
} from './identity.ts'
export { keccak256 } from './keccak/keccak256.ts'
export { keccak256Pairs, keccak256Rows, keccak256TaggedRows } from './keccak/keccak256-rows.ts'
export * from './report/index.ts'
export * from './root/index.ts'
export * from './ruleset/index.ts'
export * from './sector/index.ts'
export * from './trees/index.ts'
