/** What a host gives a sector's gateway. Settings are the sector's own, so the gateway parses them. */
export interface GatewayOptions {
  readonly settings: unknown
  /** Unix ms. */
  readonly now: () => number
  /** Told what the gateway itself could not do; its customers see an error of their protocol. */
  readonly onError: (error: unknown) => void
}

/** Serves customers of a sector in the protocol that they speak already. */
export interface Gateway {
  /** Where customers connect, as `http://127.0.0.1:9000`. */
  readonly url: string
  /** What who runs it wants to know once it is ready: folders, files of keys. No secrets. */
  readonly facts: Readonly<Record<string, string | boolean>>
  /** Resolves when the requests under way are over. */
  stop(): Promise<void>
}

/** Starts a gateway; it serves when this resolves. @throws BaseError naming the setting that is wrong */
export type GatewayFactory = (options: GatewayOptions) => Promise<Gateway>
