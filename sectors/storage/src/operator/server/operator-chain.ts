import type { Hex } from '@cairn/protocol'
import type { AgreedBundle } from '../../wire/bundle-agreement.ts'
import type { SignedSum } from '../../wire/signed-sums.ts'

/** On whose account is read. */
export interface ReadTerms {
  /** 20 bytes: who pays, and whom vouchers are of. */
  readonly payer: Hex
  /** Credits for 2^40 bytes that are read. */
  readonly egressPrice: bigint
}

/** What a customer and this device agreed on, as the chain has it. */
export interface RailFacts extends ReadTerms {
  readonly rail: bigint
  /** Whether it was ended: served until its last period is over, with nothing new. */
  readonly isEnding?: boolean
}

/** What an operator's server asks of the chain, and of the operator's account. Whoever implements it keeps answers for as long as it dares. */
export interface OperatorChain {
  /** The rail whose signer the customer is, to this device: the running one, or one that ended and whose last period is not over. */
  findRail(customer: Hex): Promise<RailFacts | undefined>
  /** The terms on which `reader` may read slabs of a customer because it repairs a rail of that customer. */
  findRepair(reader: Hex, customer: Hex): Promise<ReadTerms | undefined>
  /** Why a voucher is not worth its sum: signature, signer, network, seller, end, credits. Undefined for a good one. */
  verifyVoucher(voucher: SignedSum): Promise<string | undefined>
  /** Signs a meter over the sum of a voucher. */
  signMeter(voucher: SignedSum): Promise<SignedSum>
  /** Whether the customer's signer signed the bundle, and it is the next piece of its rail; undefined for yes. */
  verifyBundle(bundle: AgreedBundle): Promise<string | undefined>
  /** Resolves when the agreement is durable: the bundle is added to the rail's set as soon as the chain takes it. */
  submitBundle(bundle: AgreedBundle): Promise<void> | void
}
