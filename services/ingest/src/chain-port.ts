import type { DeviceKey, GroupCommitDomain, Hex, NetworkId } from '@cairn/protocol'

/** The clock of a network as the ingest needs it (spec 6), in ms of Unix time. */
export interface IngestTimeline {
  readonly genesisMs: number
  readonly epochMs: number
  /** How long after the end of an epoch its evidence is to be committed; nothing is published before. */
  readonly sealMs: number
  /** How long after that it still may be, at a price. */
  readonly lateMs: number
}

/** The registry as one epoch sees it (spec 1). */
export interface DeviceSnapshot {
  readonly deviceCount: number
  /** undefined at and above `deviceCount`. */
  device(index: number): { readonly key: DeviceKey; readonly revoked: boolean } | undefined
}

/** What an ingest commits on chain for an epoch (spec 3). */
export interface Commitment {
  readonly epoch: number
  /** Root of the evidence tree, 32 bytes. */
  readonly root: Hex
  readonly count: number
  /** Bytes of all its reports. */
  readonly sizeBytes: number
}

/** All that the ingest asks of a chain, for one network and one ingest account. */
export interface ChainPort {
  readonly network: NetworkId
  /** Where its signatures under group commits count. */
  readonly domain: GroupCommitDomain
  readonly timeline: IngestTimeline
  /** The snapshot of an epoch that has begun. Rejects while the chain can not be read. */
  snapshot(epoch: number): Promise<DeviceSnapshot>
  /** What the ingest's bond lets it commit for an epoch. */
  capacity(epoch: number): Promise<{ readonly reports: number; readonly bytes: number }>
  /** What stands on chain now for an epoch and this ingest; undefined when nothing does, or no longer does. */
  committed(epoch: number): Promise<Pick<Commitment, 'root' | 'count'> | undefined>
  /** Submits a commitment and resolves when it is included. Rejects when it is not, as before the end of the epoch by block time. */
  commit(commitment: Commitment): Promise<void>
  /** Whether a final root covers what this ingest committed for an epoch, or it committed nothing. Left out, age alone decides what is forgotten. */
  isSettled?(epoch: number): Promise<boolean>
  /** Fixes the beacon of an epoch that has begun. Left out, the first commitment does. */
  captureBeacon?(epoch: number): Promise<void>
}
