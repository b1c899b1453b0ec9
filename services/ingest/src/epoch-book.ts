import type { ChainPort, DeviceSnapshot } from './chain-port.ts'
import { epochAt, epochEndMs, epochStartMs } from './epoch-times.ts'
import { unavailable } from './ingest-error.ts'
import type { EpochLog } from './log/epoch-log.ts'

/** What the chain says of an epoch. It does not change once the epoch has begun. */
export interface EpochRegistry {
  readonly snapshot: DeviceSnapshot
  readonly capacity: { readonly reports: number; readonly bytes: number }
}

/** The epochs that take reports, or did and are not published yet. */
export interface EpochBook {
  /** Whether reports of the epoch are taken at that time; their logs are opened as they are asked for. */
  isOpen(epoch: number, nowMs: number): boolean
  /** Opens the log of an epoch, once. */
  log(epoch: number): Promise<EpochLog>
  /** A log that is open already. */
  known(epoch: number): EpochLog | undefined
  /** All logs that are open. */
  readonly logs: Iterable<EpochLog>
  /** Reads what the chain says of an epoch, once. @throws IngestError (`unavailable`) while it can not be read */
  registry(epoch: number): Promise<EpochRegistry>
  /** Says that the epoch is sealed: it never opens again. */
  seal(epoch: number): void
  /** Forgets a sealed epoch's log. */
  forget(epoch: number): void
}

/** What an {@link EpochBook} needs. */
export interface EpochBookOptions {
  readonly chain: ChainPort
  readonly marginMs: number
  readonly open: (epoch: number) => Promise<EpochLog>
  /** Epochs sealed before, by an earlier run. */
  readonly sealed: Iterable<number>
}

export function createEpochBook({ chain, marginMs, open, sealed }: EpochBookOptions): EpochBook {
  const opening = new Map<number, Promise<EpochLog>>()
  const logs = new Map<number, EpochLog>()
  const registries = new Map<number, Promise<EpochRegistry>>()
  const sealedEpochs = new Set(sealed)
  const { timeline } = chain
  return {
    isOpen: (epoch, nowMs) =>
      epoch <= epochAt(timeline, nowMs) &&
      nowMs >= epochStartMs(timeline, epoch) &&
      nowMs < epochEndMs(timeline, epoch) + marginMs &&
      !sealedEpochs.has(epoch),
    known: (epoch) => logs.get(epoch),
    get logs() {
      return logs.values()
    },
    log(epoch) {
      return remember(opening, epoch, async () => {
        const log = await open(epoch)
        logs.set(epoch, log)
        return log
      })
    },
    registry(epoch) {
      return remember(registries, epoch, async () => {
        try {
          const [snapshot, capacity] = await Promise.all([chain.snapshot(epoch), chain.capacity(epoch)])
          return { snapshot, capacity }
        } catch (cause) {
          throw unavailable(`the registry of epoch ${epoch} can not be read from the chain`, cause)
        }
      })
    },
    seal(epoch) {
      sealedEpochs.add(epoch)
      registries.delete(epoch)
    },
    forget(epoch) {
      opening.delete(epoch)
      logs.delete(epoch)
    },
  }
}

/** The promise kept for a key, made when there is none, and dropped when it fails so that the next call tries again. */
function remember<Value>(
  kept: Map<number, Promise<Value>>,
  key: number,
  make: () => Promise<Value>,
): Promise<Value> {
  const found = kept.get(key)
  if (found !== undefined) return found
  const made = make()
  kept.set(key, made)
  made.catch(() => kept.delete(key))
  return made
}
