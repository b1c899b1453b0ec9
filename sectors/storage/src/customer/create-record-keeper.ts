import { concatBytes, type Hex, toHex } from '@cairn/protocol'
import {
  type RecordScope,
  type ReputationRecord,
  recordDigest,
  serializeRecord,
} from '../reputation/record.ts'
import type { SlabIndex } from '../slab/slab-index.ts'
import type { GatewayChain } from './gateway-chain.ts'

/** What a gateway saw of a device. */
export type Observation = {
  readonly [Kind in 'audit' | 'retrieval']: {
    readonly kind: Kind
    readonly outcome: Extract<ReputationRecord, { kind: Kind }>['outcome']
    readonly device: number
    readonly slab: Uint8Array
    /** Of an audit the row, of a retrieval the bytes that were asked for. */
    readonly amount: number
    /** Whether a read found the row lost: with wrong bytes, or refused by a holder that has it no more. */
    readonly isLoss?: boolean
  }
}['audit' | 'retrieval']

/** What a keeper of records needs from outside. */
export interface RecordKeeperOptions {
  readonly index: Pick<SlabIndex, 'addRecord'>
  readonly chain: Pick<GatewayChain, 'context' | 'sign'>
  /** Who pays the device, in lower case; undefined where nobody does. */
  readonly payerOf: (device: number) => Hex | undefined
  readonly nowMs: () => number
  /** Told of a record that could not be kept. */
  readonly onError: (error: unknown) => void
}

/** Puts on record what a gateway sees of its operators. */
export interface RecordKeeper {
  note(observation: Observation): void
  /** Resolves when what was noted is kept. */
  settled(): Promise<void>
}

/** Of reads one in so long is kept, whatever came of it, and one that found a row lost: as many a day as count (spec 10, Reputation). */
const readEveryMs = 21_600_000
/** Who else has to answer meanwhile, so that a line of one's own that is dead counts against nobody. */
const lineMs = 60_000

/**
 * Signs and keeps every audit, and of each device and quarter of a day the first read and the first that found a row lost. Silence is kept only when another device answers within a
 * minute of it.
 */
export function createRecordKeeper(options: RecordKeeperOptions): RecordKeeper {
  const { index, chain, payerOf, nowMs, onError } = options
  const underWay = new Set<Promise<void>>()
  /** The quarter of a day that the last read on record was in, by device and whether it found a loss. */
  const lastRead = new Map<string, number>()
  /** By kind and device, the first. */
  const silent = new Map<string, { readonly observation: Observation; readonly atMs: number }>()

  const keep = (observation: Observation, atMs: number) => {
    const { device, kind, isLoss = false } = observation
    if (kind === 'retrieval') {
      const place = `${device} ${isLoss}`
      const quarter = Math.floor(atMs / readEveryMs)
      if (lastRead.get(place) === quarter) return
      lastRead.set(place, quarter)
    }
    const payer = payerOf(device)
    if (payer === undefined) return
    const scope = { network: chain.context.network, device }
    const kept: Promise<void> = write(scope, toRecord(observation, payer, atMs))
      .catch(onError)
      .finally(() => underWay.delete(kept))
    underWay.add(kept)
  }
  const write = async (scope: RecordScope, record: ReputationRecord) => {
    const signature = await chain.sign(recordDigest(scope, record))
    index.addRecord(scope.device, record.at, concatBytes(serializeRecord(record), signature))
  }

  return {
    note(observation) {
      const atMs = nowMs()
      if (observation.outcome === 'unanswered') {
        const place = `${observation.kind} ${observation.device}`
        const before = silent.get(place)
        if (before === undefined || atMs - before.atMs > lineMs) silent.set(place, { observation, atMs })
        return
      }
      for (const { observation: before, atMs: sinceMs } of silent.values())
        if (before.device !== observation.device && atMs - sinceMs <= lineMs) keep(before, sinceMs)
      silent.clear()
      keep(observation, atMs)
    },
    async settled() {
      await Promise.all(underWay)
    },
  }
}

const toRecord = ({ kind, outcome, slab, amount }: Observation, payer: Hex, atMs: number): ReputationRecord =>
  ({
    ...{ kind, outcome, payer },
    at: Math.floor(atMs / 1_000),
    subject: toHex(slab),
    amount: BigInt(amount),
  }) as ReputationRecord
