/** Every bound of the ingest. Bytes, milliseconds and counts; rates are per second. */
export interface IngestLimits {
  /** A request body or a WebSocket frame. */
  readonly bodyBytes: number
  /** Reports in one body. */
  readonly bodyReports: number
  /** Time for a request to arrive whole. */
  readonly requestMs: number
  readonly connections: number
  readonly connectionsPerAddress: number
  /** Bodies received and not answered yet, of everybody together. */
  readonly inFlightBytes: number
  /** The same for one address, so that nobody holds all of it. */
  readonly inFlightBytesPerAddress: number
  /** The same for one connection. Beyond it a stream is not read, and a request is refused. */
  readonly windowBytes: number
  /** Frames of one stream not answered yet. */
  readonly windowFrames: number
  /** Reports with a wrong signature or body that an address may send a second, and at once. */
  readonly invalidPerSecond: number
  readonly invalidBurst: number
  /** Reports that a device may send a second, and at once. */
  readonly devicePerSecond: number
  readonly deviceBurst: number
  /** Reports of one device in one epoch. */
  readonly reportsPerDevice: number
  /** How far outside its epoch a report's time may be. */
  readonly skewMs: number
  /** How long after the end of an epoch its reports are still taken. */
  readonly marginMs: number
  /** Reports and bytes that become durable together at most. */
  readonly groupReports: number
  readonly groupBytes: number
  /** Groups begin at least so far apart, so that signing them does not take the time of checking reports. */
  readonly groupIntervalMs: number
  /** Reports that one thread checks before it takes those of another connection. */
  readonly checkReports: number
  /** Parsed device keys kept by each checking thread. */
  readonly cachedKeys: number
  /** How many epochs segments are served after their sealing. */
  readonly retentionEpochs: number
  /** How often sealed epochs are looked at: committed, committed again after a reorg, published, forgotten. */
  readonly sealPollMs: number
}

const MiB = 2 ** 20

/** What holds unless options say otherwise. The first two are those of the protocol's HTTP interface. */
export const defaultLimits: IngestLimits = {
  bodyBytes: 4 * MiB,
  bodyReports: 4_096,
  requestMs: 30_000,
  connections: 1_024,
  connectionsPerAddress: 256,
  inFlightBytes: 128 * MiB,
  inFlightBytesPerAddress: 32 * MiB,
  windowBytes: 8 * MiB,
  windowFrames: 16,
  invalidPerSecond: 16,
  invalidBurst: 1_024,
  devicePerSecond: 16,
  deviceBurst: 1_024,
  reportsPerDevice: 8_192,
  skewMs: 60_000,
  marginMs: 1_000,
  groupReports: 1_024,
  groupBytes: 8 * MiB,
  groupIntervalMs: 5,
  checkReports: 32,
  cachedKeys: 16_384,
  retentionEpochs: 64,
  sealPollMs: 1_000,
}
