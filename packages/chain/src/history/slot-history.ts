import type { Hex } from '@cairn/protocol'
import type { Address } from 'viem'
import type { Undo } from './undo.ts'

/** A commitment at one place of the network's evidence (spec 3). */
export interface SlotEntry {
  readonly slot: number
  readonly ingest: Address
  /** The epoch the reports count in. */
  readonly epoch: number
  /** The epoch whose sealing, or whose availability phase, gave it this slot: the first root that may cover it ends there or later. Later than {@link epoch} for a late commitment. */
  readonly sealedIn: number
  /** How often the commitment was put off before it got this slot. */
  readonly deferrals: number
  readonly count: number
  readonly sizeBytes: number
  readonly root: Hex
  /** Put off to a later slot, or dropped. */
  readonly skipped: boolean
  /** Where it was put off to; undefined while it was not, or when it was dropped. */
  readonly deferredTo: number | undefined
}

/** What {@link SlotHistory.committed} takes: the fields of `EvidenceCommitted`. */
export interface CommittedEvent {
  readonly epoch: number
  readonly ingest: Address
  readonly slot: number
  readonly sealedIn: number
  readonly root: Hex
  readonly count: number
  readonly sizeBytes: bigint
}

/** All slots of a network. */
export interface SlotHistory {
  readonly list: readonly SlotEntry[]
  committed(event: CommittedEvent): Undo
  deferred(event: { slot: number; newSlot: number; deferrals: number }): Undo
  /**
   * What a root that begins at slot `start` and whose last epoch is `last` covers: the first slot it leaves out, and a bit for each slot
   * it does not skip. The rule of `Evidence.isEvidenceSet`.
   */
  evidenceSet(start: number, last: number): { readonly end: number; readonly set: bigint }
}

/** In `EvidenceDeferred`: the commitment was dropped. */
const dropped = 0xffff_ffff

/** A root's bitmap has no more bits. */
const mostPerRoot = 256

/** Makes a history without slots. */
export function createSlotHistory(): SlotHistory {
  const list: SlotEntry[] = []
  const append = (entry: SlotEntry) => {
    if (entry.slot !== list.length)
      throw new RangeError(`Slot ${entry.slot} came where ${list.length} was expected.`)
    list.push(entry)
  }
  return {
    list,
    committed({ slot, ingest, epoch, sealedIn, root, count, sizeBytes }) {
      append({
        slot,
        ingest,
        epoch,
        sealedIn,
        deferrals: 0,
        count,
        sizeBytes: Number(sizeBytes),
        root,
        skipped: false,
        deferredTo: undefined,
      })
      return () => void list.pop()
    },
    deferred({ slot, newSlot, deferrals }) {
      const before = list[slot]
      if (before === undefined) throw new RangeError(`Slot ${slot} was put off but never committed.`)
      const newest = list.at(-1)!.sealedIn
      const isDropped = newSlot === dropped
      list[slot] = { ...before, skipped: true, deferredTo: isDropped ? undefined : newSlot }
      if (!isDropped) {
        // As in Evidence.sol: the newest slot's sealing where it is later, else the next one.
        const sealedIn = newest > before.sealedIn ? newest : before.sealedIn + 1
        append({ ...before, slot: newSlot, sealedIn, deferrals })
      }
      return () => {
        if (!isDropped) list.pop()
        list[slot] = before
      }
    },
    evidenceSet(start, last) {
      let end = start
      let set = 0n
      while (end < list.length && end - start < mostPerRoot && list[end]!.sealedIn <= last) {
        if (!list[end]!.skipped) set |= 1n << BigInt(end - start)
        end += 1
      }
      return { end, set }
    },
  }
}
