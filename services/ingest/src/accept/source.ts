/** A connection that reports come over. Each one has its turn, whoever is behind it. */
export interface Source {
  /** The remote address. */
  readonly address: string
}
