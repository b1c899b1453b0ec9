import type { BundleTerms } from '../wire/bundle-agreement.ts'
import type { RecoverSigner } from '../wire/storage-domain.ts'
import type { OrderContext } from '../wire/storage-order.ts'
import type { PayChain } from './cashier/pay-chain.ts'
import type { ProverChain } from './prover/create-prover.ts'
import type { OperatorChain } from './server/operator-chain.ts'

/** What a customer signed, and the signature: r ‖ s ‖ v, 65 bytes. */
export interface SignedBundle extends BundleTerms {
  readonly signature: Uint8Array
}

/** The chain's side of bundles. */
export interface BundleChain {
  /** The piece that the rail's set gets next. */
  readNextPiece(rail: bigint): Promise<number>
  /** Why the chain would not take a bundle of the rail; undefined for a good one. Of one that is not next yet only the signature can be judged. */
  refusalOf(bundle: SignedBundle): Promise<string | undefined>
  /** Resolves when it is in, or was; `void` when it never will be. @throws what may be over later */
  addBundle(bundle: SignedBundle): Promise<'added' | 'void'>
}

/** All that an operator asks of a chain and of its account; who hosts it brings it. */
export interface StorageChain
  extends Omit<OperatorChain, 'verifyBundle' | 'submitBundle'>,
    ProverChain,
    BundleChain,
    PayChain {
  readonly context: OrderContext
  readonly recover: RecoverSigner
}
