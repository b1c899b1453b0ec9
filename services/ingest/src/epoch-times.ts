import type { IngestTimeline } from './chain-port.ts'

/** The epoch that `nowMs` falls in; −1 before genesis. */
export const epochAt = (timeline: IngestTimeline, nowMs: number): number =>
  Math.max(-1, Math.floor((nowMs - timeline.genesisMs) / timeline.epochMs))

export const epochStartMs = (timeline: IngestTimeline, epoch: number): number =>
  timeline.genesisMs + epoch * timeline.epochMs

export const epochEndMs = (timeline: IngestTimeline, epoch: number): number =>
  epochStartMs(timeline, epoch + 1)

/** From here on a commitment for the epoch is late, and its evidence may be published. */
export const sealEndMs = (timeline: IngestTimeline, epoch: number): number =>
  epochEndMs(timeline, epoch) + timeline.sealMs

/** From here on nobody can commit evidence of the epoch. */
export const lateEndMs = (timeline: IngestTimeline, epoch: number): number =>
  sealEndMs(timeline, epoch) + timeline.lateMs
