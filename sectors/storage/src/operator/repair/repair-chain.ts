import type { Hex } from '@cairn/protocol'
import type { CustomerRail, GatewayChain } from '../../customer/gateway-chain.ts'

/** A lost rail that this device may make again. */
export interface LostRail {
  readonly rail: bigint
  /** Who signs for its payer: the customer of the slabs, lower case. */
  readonly signer: Hex
  /** Under proof, with what rows are padded to. */
  readonly bytes: number
}

/** A lost rail that this device makes again. */
export interface Repair {
  /** The rail that succeeds to it. */
  readonly rail: bigint
  /** It, and the rails that it succeeded to itself, newest first: lists of bundles name the one they were made for. */
  readonly lost: readonly bigint[]
  readonly signer: Hex
  /** 32 bytes of each piece that stands, in the order in which they become pieces of the succeeding rail. */
  readonly roots: readonly Uint8Array[]
  /** Whether all of them are under proof here. */
  readonly isCopied: boolean
  /** Whether the time to prove them is over. */
  readonly isOver: boolean
}

/** What an operator that repairs asks of the chain and of its account: it reads from other operators as a customer who pays. */
export interface RepairChain
  extends Pick<
    GatewayChain,
    | 'context'
    | 'customer'
    | 'sign'
    | 'readVoucherProgram'
    | 'isVoucherSigner'
    | 'readRedeemed'
    | 'signVoucher'
  > {
  /** Has lost what may be called lost, and gives the rails that the device may succeed to. */
  findLost(): Promise<readonly LostRail[]>
  /** The device's own repair that is under way. */
  readRepair(): Promise<Repair | undefined>
  /** Rails of a signer to other devices, on the terms of who repairs: it is the payer, at the price of the offer. */
  readRailsOf(signer: Hex): Promise<readonly CustomerRail[]>
  succeed(lost: bigint): Promise<void>
  /** Puts all pieces under proof here. */
  copyPieces(rail: bigint): Promise<void>
  /** Has the reward and the lost rail's credits; false where it is not proven yet, or the lost rail's last period not over. */
  complete(rail: bigint): Promise<boolean>
  giveUp(rail: bigint): Promise<void>
}
