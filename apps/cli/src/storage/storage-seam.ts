import type { DeviceKey, Gateway, GatewayOptions, Hex, NetworkId } from '@cairn/protocol'
import type { Clock, DeviceSigner, Logger } from '@cairn/runtime'

/** What a customer signed of a bundle, and its signature of 65 bytes. */
export interface SignedBundle {
  readonly rail: bigint
  readonly piece: number
  readonly root: Uint8Array
  readonly leaves: number
  readonly signature: Uint8Array
}

/** A voucher or a meter: `sum` is in credits. */
export interface SignedSum {
  readonly network: NetworkId
  readonly payer: Hex
  readonly seller: Hex
  readonly program: number
  readonly sum: bigint
  readonly expiresAt: bigint
  readonly signature: Hex
}

/** How a data set stands. */
export interface SetStanding {
  readonly rail: bigint
  readonly set: bigint
  readonly period: number
  readonly isCapturable: boolean
  readonly isProven: boolean
  readonly challenges: readonly { readonly piece: number; readonly leaf: number }[]
  readonly faults: number
  readonly removed: readonly number[]
}

/** On whose account is read, and at what price for 2^40 bytes. */
export interface ReadTerms {
  readonly payer: Hex
  readonly egressPrice: bigint
}

/** What an operator asks about its customers. */
export interface CustomerChain {
  findRail(
    customer: Hex,
  ): Promise<(ReadTerms & { readonly rail: bigint; readonly isEnding: boolean }) | undefined>
  findRepair(reader: Hex, customer: Hex): Promise<ReadTerms | undefined>
  verifyVoucher(voucher: SignedSum): Promise<string | undefined>
  signMeter(voucher: SignedSum): Promise<SignedSum>
  readNextPiece(rail: bigint): Promise<number>
  refusalOf(bundle: SignedBundle): Promise<string | undefined>
  addBundle(bundle: SignedBundle): Promise<'added' | 'void'>
}

/** What an operator asks about its sets. */
export interface ProofChain {
  readSets(): Promise<readonly SetStanding[]>
  capture(standing: SetStanding): Promise<void>
  prove(set: bigint, proofs: readonly { readonly leaf: Hex; readonly path: readonly Hex[] }[]): Promise<void>
}

/** What an operator asks about its pay. Amounts are credits. */
export interface PayChain {
  readNow(): Promise<number>
  readRedeemed(voucher: SignedSum): Promise<bigint>
  redeem(voucher: SignedSum): Promise<void>
  readRailPay(): Promise<
    readonly { readonly rail: bigint; readonly payer: Hex; readonly due: bigint; readonly isOver: boolean }[]
  >
  settle(rail: bigint): Promise<void>
}

/** The chain, as the storage sector's operator takes it; checked against the sector's own type in main.ts. */
export interface StorageChain extends CustomerChain, ProofChain, PayChain {
  readonly context: {
    readonly chainId: number
    readonly verifyingContract: Hex
    readonly network: NetworkId
  }
  readonly recover: (digest: Uint8Array, signature: Uint8Array) => Promise<Hex | undefined>
}

/** What an operator is made of. */
export interface OperatorHost {
  readonly network: NetworkId
  readonly device: number
  readonly signer: DeviceSigner
  readonly chain: StorageChain
  readonly settings: {
    readonly dataFolder: string
    readonly capacityBytes: number
    readonly host: string
    readonly port: number
    readonly pollMs: number
    readonly keptSeconds: number
    readonly allowanceBytes: number
    readonly leastPayCredits: bigint
    readonly payEveryMs: number
    readonly bytesPerSecond?: number
  }
  readonly clock: Clock
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  readonly repair?: { readonly chain: RepairChain; readonly everyMs: number }
}

/** What an operator can not do now, and why. */
export interface OperatorProblem {
  readonly code: string
  readonly message: string
}

/** How an operator gets on. Credits are decimal text. */
export interface OperatorStatus {
  readonly rows: number
  readonly rowBytes: number
  readonly freeBytes: number
  readonly bundles: number
  readonly waitingBundles: number
  readonly sets: number
  readonly proofs: number
  readonly faults: number
  readonly lastProven: Readonly<Record<string, number>>
  readonly problems: Readonly<Record<string, OperatorProblem>>
  readonly pay: {
    readonly owed: string
    readonly acknowledged: string
    readonly due: string
    readonly redeemed: string
    readonly settled: string
    readonly problems: Readonly<Record<string, OperatorProblem>>
  }
  readonly repair:
    | {
        readonly rail: string | undefined
        readonly lost: string | undefined
        readonly pieces: number
        readonly rebuilt: number
        readonly completed: number
        readonly problems: Readonly<Record<string, OperatorProblem>>
      }
    | undefined
}

/** An operator that runs. */
export interface RunningOperator {
  readonly url: string
  status(): Promise<OperatorStatus>
  stop(): Promise<void>
}

/** Starts an operator. */
export type OperatorFactory = (host: OperatorHost) => Promise<RunningOperator>

/** A rail whose signer a customer's gateway is. Addresses are in lower case. */
export interface CustomerRail {
  readonly rail: bigint
  readonly set: bigint
  readonly state: 'running' | 'repairing' | 'ended' | 'lost'
  readonly payer: Hex
  readonly device: number
  readonly deviceKey: DeviceKey
  readonly owner: Hex
  readonly offer:
    | { readonly url: string; readonly country: string; readonly capacityBytes: bigint }
    | undefined
  readonly storagePrice: bigint
  readonly egressPrice: bigint
  readonly proving: {
    readonly periodEpochs: number
    readonly windowEpochs: number
    readonly challenges: number
  }
  readonly pieces: number
  readonly succeeds: { readonly rail: bigint; readonly device: number } | undefined
}

/** When a network's data sets of equal terms are proven, in Unix seconds and epochs. */
interface ProvingClock {
  readonly genesis: number
  readonly epochSeconds: number
  readonly periodEpochs: number
  readonly windowEpochs: number
}

/** What the chain's events say of a data set. */
export interface SetHistory {
  readonly set: bigint
  readonly payer: Hex
  readonly clock: ProvingClock
  readonly firstPeriod: number
  readonly lastPeriod: number | undefined
  readonly leaves: readonly { readonly at: number; readonly change: bigint }[]
  readonly proven: ReadonlySet<number>
  readonly captured: ReadonlySet<number>
}

/** The sets of devices, as of a block's time. */
export interface SetHistories {
  readonly now: number
  readonly byDevice: ReadonlyMap<number, readonly SetHistory[]>
}

/** What a customer's gateway asks about its operators. */
export interface GatewayChain {
  readonly context: StorageChain['context']
  readonly customer: Hex
  readonly sign: (digest: Uint8Array) => Promise<Uint8Array>
  readRails(): Promise<readonly CustomerRail[]>
  readNextPiece(rail: bigint): Promise<number>
  readPiece(
    rail: bigint,
    piece: number,
  ): Promise<{ readonly root: Uint8Array; readonly leaves: number } | undefined>
  schedulePieceRemovals(rail: bigint, pieces: readonly number[]): Promise<void>
  removeDuePieces(rail: bigint): Promise<void>
  readHistories(devices: readonly { readonly device: number; readonly owner: Hex }[]): Promise<SetHistories>
  readVoucherProgram(): Promise<number>
  isVoucherSigner(payer: Hex): Promise<boolean>
  readRedeemed(of: Pick<SignedSum, 'payer' | 'seller' | 'program'>): Promise<bigint>
  signVoucher(voucher: Omit<SignedSum, 'signature'>): Promise<SignedSum>
}

/** A lost rail that a device may make again. */
export interface LostRail {
  readonly rail: bigint
  readonly signer: Hex
  readonly bytes: number
}

/** A lost rail that the device makes again. */
export interface Repair {
  readonly rail: bigint
  readonly lost: readonly bigint[]
  readonly signer: Hex
  readonly roots: readonly Uint8Array[]
  readonly isCopied: boolean
  readonly isOver: boolean
}

/** What an operator that repairs asks about rails of others. */
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
  findLost(): Promise<readonly LostRail[]>
  readRepair(): Promise<Repair | undefined>
  readRailsOf(signer: Hex): Promise<readonly CustomerRail[]>
  succeed(lost: bigint): Promise<void>
  copyPieces(rail: bigint): Promise<void>
  complete(rail: bigint): Promise<boolean>
  giveUp(rail: bigint): Promise<void>
}

/** Starts a customer's gateway; `openChain` is given the gateway's signing key, 32 bytes. */
export type StorageGatewayFactory = (
  options: GatewayOptions & { readonly openChain?: (signerSecret: Uint8Array) => Promise<GatewayChain> },
) => Promise<Gateway>
