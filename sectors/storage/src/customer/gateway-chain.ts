import type { DeviceKey, Hex } from '@cairn/protocol'
import type { SetHistory } from '../reputation/derive-periods.ts'
import type { SignedSum } from '../wire/signed-sums.ts'
import type { SignDigest } from '../wire/storage-domain.ts'
import type { OrderContext } from '../wire/storage-order.ts'

/** Where a device says that it is, and how much it takes. */
export interface StandingOffer {
  readonly url: string
  /** ISO 3166-1, two letters. */
  readonly country: string
  /** Room for everybody. */
  readonly capacityBytes: bigint
}

/** A rail whose signer the gateway is: a device that keeps rows for its payer. Addresses are in lower case. */
export interface CustomerRail {
  readonly rail: bigint
  /** The data set that its bundles are pieces of. */
  readonly set: bigint
  /** Operators serve customers of running rails; a lost one's rows are being made again elsewhere, by the rail that is `repairing`. */
  readonly state: 'running' | 'repairing' | 'ended' | 'lost'
  readonly payer: Hex
  readonly device: number
  /** What its receipts are checked with. */
  readonly deviceKey: DeviceKey
  /** Who owns the device now: the operator, and the seller of what is read. */
  readonly owner: Hex
  /** Undefined where the owner offers nothing any more: the device can not be reached. */
  readonly offer: StandingOffer | undefined
  /** Credits for 2⁴⁰ bytes and proving period, as the rail was opened. */
  readonly storagePrice: bigint
  /** Credits for 2⁴⁰ bytes that are read. */
  readonly egressPrice: bigint
  readonly proving: {
    readonly periodEpochs: number
    readonly windowEpochs: number
    readonly challenges: number
  }
  /** Pieces that its set ever had: the number of the next one. */
  readonly pieces: number
  /** The lost rail that it makes again, or has made; undefined for others. */
  readonly succeeds: { readonly rail: bigint; readonly device: number } | undefined
}

/** A bundle as the chain has it. */
export interface ChainPiece {
  /** 32 bytes. */
  readonly root: Uint8Array
  /** Leaves of 32 bytes that are challenged. */
  readonly leaves: number
}

/** The data sets of devices, of whoever pays for them, as of a block's time. */
export interface SetHistories {
  /** Unix seconds. */
  readonly now: number
  readonly byDevice: ReadonlyMap<number, readonly SetHistory[]>
}

/** All that a customer's gateway asks of a chain; who hosts it brings it. */
export interface GatewayChain {
  readonly context: OrderContext
  /** The gateway's address, lower case: the signer of its rails, the customer of its slabs. */
  readonly customer: Hex
  /** Signs with that key. */
  readonly sign: SignDigest
  /** Its rails that are not closed, oldest first, as the chain has them now. @throws what the chain did wrong */
  readRails(): Promise<readonly CustomerRail[]>
  /** The number that the rail's next bundle gets. */
  readNextPiece(rail: bigint): Promise<number>
  /** A bundle that is in; undefined before, and after it was removed. */
  readPiece(rail: bigint, piece: number): Promise<ChainPiece | undefined>
  /** Has pieces of the rail removed, in a period to come. The gateway's address pays for the gas. */
  schedulePieceRemovals(rail: bigint, pieces: readonly number[]): Promise<void>
  /** Sees to it that pieces whose removal is due are gone. */
  removeDuePieces(rail: bigint): Promise<void>
  /** What the chain says of devices: owned by that address, in lower case. */
  readHistories(devices: readonly { readonly device: number; readonly owner: Hex }[]): Promise<SetHistories>
  /** The program that rails of the network are spent on, as vouchers for what is read are. */
  readVoucherProgram(): Promise<number>
  /** Whether the contract takes vouchers that the gateway signs for the payer now. */
  isVoucherSigner(payer: Hex): Promise<boolean>
  /** Credits that the seller has had from the payer for the program, all told. */
  readRedeemed(of: Pick<SignedSum, 'payer' | 'seller' | 'program'>): Promise<bigint>
  signVoucher(voucher: Omit<SignedSum, 'signature'>): Promise<SignedSum>
}

/** Opens the chain for the gateway whose signing key this is: 32 bytes, see `deriveSignerSecret`. */
export type OpenGatewayChain = (signerSecret: Uint8Array) => Promise<GatewayChain>
