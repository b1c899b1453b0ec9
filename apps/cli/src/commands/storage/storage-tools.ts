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

/** What the commands of `cairn storage` and `cairn simulate storage` need of the sector. */
export interface StorageTools {
  readonly deriveOdds: (of: OddsCase) => Odds
  readonly openPublisher: (options: {
    readonly endpoint: string
    readonly accessKeyFile: string
    readonly now: () => number
    readonly signal: AbortSignal
  }) => Promise<Publisher>
}
