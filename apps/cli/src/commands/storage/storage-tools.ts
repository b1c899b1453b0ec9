import type { Hex, NetworkId } from '@cairn/protocol'
import type { SetHistory } from '../../storage/storage-seam.ts'

/** What is missing of a data set, and how often one looks. */
interface OddsCase {
  readonly missing: bigint
  readonly total: bigint
  readonly challenges: number
  readonly periodSeconds: number
}

/** How soon it is found. Probabilities in parts of a billion; undefined for never. */
export interface Odds extends OddsCase {
  readonly meanPeriodsMilli: bigint | undefined
  readonly meanSeconds: bigint | undefined
  readonly within: readonly { readonly days: number; readonly periods: number; readonly ppb: number }[]
  readonly until: readonly {
    readonly ppb: number
    readonly periods: number | undefined
    readonly seconds: number | undefined
  }[]
}

/** An object that everybody may read. */
export interface Published {
  /** `s3://bucket/key`. */
  readonly name: string
  readonly version: string
  readonly sizeBytes: number
  readonly cid: string
  /** Unix ms. */
  readonly publishedMs: number
}

/** Tells a gateway that runs what is public. */
export interface Publisher {
  publish(name: string, version?: string): Promise<Published>
  unpublish(name: string, version?: string): Promise<void>
  list(): AsyncIterable<Published>
}

/** One thing on record; only what a command looks at. */
export interface RecordOf {
  readonly kind: string
  readonly outcome: string
  readonly payer: Hex
  readonly at: number
  readonly subject: Hex
  readonly amount: bigint
}

/** Shares and scores are in millionths. */
export interface Reputation {
  readonly scores: Readonly<Record<'possession' | 'integrity' | 'retrieval' | 'uptime', bigint>>
  readonly placement: bigint
  readonly vetting: { readonly proofs: number; readonly days: number; readonly share: bigint }
  readonly contained: readonly { readonly payer: Hex; readonly slab: Hex; readonly tries: number }[]
  readonly changes: readonly {
    readonly record: RecordOf
    readonly hash: Hex
    readonly effect: string
    readonly scores: readonly {
      readonly dimension: string
      readonly before: bigint
      readonly after: bigint
    }[]
  }[]
  readonly head: Hex
  readonly later: number
}

interface RecordScope {
  readonly network: NetworkId
  readonly device: number
}

/** The sector's functions about records. Methods, since what one gives and another takes is the sector's own, narrower type. */
export interface ReputationTools {
  derivePeriods(history: SetHistory, now: number): readonly RecordOf[]
  parseRecord(bytes: Uint8Array): RecordOf
  recordHash(scope: RecordScope, record: RecordOf): Uint8Array
  deriveReputation(
    records: readonly RecordOf[],
    scope: RecordScope & { readonly until: number; readonly owner?: Hex },
    parameters: object,
  ): Reputation
  readonly defaultReputationParameters: object
}

/** What honest and dishonest operators come to in simulation. */
export interface StorageSimulation {
  readonly detections: readonly {
    readonly operator: string
    readonly missingPercent: number
    readonly seeds: number
    readonly expectedPeriods: number
    readonly meanPeriods: number
    readonly band: readonly [low: number, high: number]
    readonly isWithinBand: boolean
  }[]
  readonly unseen: readonly {
    readonly operator: string
    readonly periods: number
    readonly missed: number
    readonly bound: string
    readonly value: number
    readonly unit: string
  }[]
  readonly standings: readonly {
    readonly operator: string
    readonly honest: boolean
    readonly seeds: number
    readonly daysToHalf: number | undefined
    readonly daysToNone: number | undefined
    readonly everReduced: number
    readonly everNone: number
    readonly periodsMissedPercent: number
  }[]
}

/** What the commands of `cairn storage` and `cairn simulate storage` need of the sector. */
export interface StorageTools {
  readonly deriveOdds: (of: OddsCase) => Odds
  readonly openPublisher: (options: {
    readonly endpoint: string
    readonly accessKeyFile: string
    readonly now: () => number
    readonly signal: AbortSignal
  }) => Promise<Publisher>
  /** Records of a gateway about a device, 135 bytes each, oldest first. */
  readonly readGatewayRecords: (dataFolder: string, device: number) => Promise<readonly Uint8Array[]>
  readonly openSigner: (
    rootKeyFile: string,
  ) => Promise<{ readonly secret: Uint8Array; readonly isNew: boolean }>
  readonly reputation: ReputationTools
  readonly simulateStorage: (plan: {
    readonly seeds: number
    readonly firstSeed: number
    readonly challenges: number
  }) => Promise<StorageSimulation>
}
