import type { Hex } from '@cairn/protocol'
import type { SignedSum } from '../../wire/signed-sums.ts'

/** What a rail to this device owes it. */
export interface RailPay {
  readonly rail: bigint
  /** In lower case. */
  readonly payer: Hex
  /** Credits that settling pays. */
  readonly due: bigint
  /** Whether its last period is over. */
  readonly isOver: boolean
}

/** The chain's side of being paid. Sending resolves when it is in, or was. */
export interface PayChain {
  /** Time of the newest block, Unix seconds. */
  readNow(): Promise<number>
  /** Credits had by vouchers of this one's payer, all told. */
  readRedeemed(voucher: SignedSum): Promise<bigint>
  /** By the seller, over the whole sum: as much is paid as the payer has. */
  redeem(voucher: SignedSum): Promise<void>
  readRailPay(): Promise<readonly RailPay[]>
  /** By anybody. */
  settle(rail: bigint): Promise<void>
}
