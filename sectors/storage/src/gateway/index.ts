/**
 * The S3 gateway: objects of S3 clients, encrypted, over a content store.
 *
 * @packageDocumentation
 */
export { deriveSignerSecret } from '../customer/derive-signer-secret.ts'
export type {
  ChainPiece,
  CustomerRail,
  GatewayChain,
  OpenGatewayChain,
  StandingOffer,
} from '../customer/gateway-chain.ts'
export { createGateway, GatewaySettingError } from './create-gateway.ts'
export { KeyFileError } from './key-files.ts'
export { type S3Gateway, type S3GatewayOptions, startS3Gateway } from './s3-gateway.ts'
