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

/** What the commands of `cairn storage` and `cairn simulate storage` need of the sector. */
export interface StorageTools {
  readonly deriveOdds: (of: OddsCase) => Odds
}
