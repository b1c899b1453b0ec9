import { equalBytes, fromHex } from '@cairn/protocol'
import type { Clock } from '@cairn/runtime'
import { derivePiece } from '../piece/piece-hasher.ts'
import type { Containment } from '../reputation/judge-record.ts'
import { failureOf, isAbsence, type RowLoss } from '../slab/read-outcome.ts'
import type { SlabIndex } from '../slab/slab-index.ts'
import type { PlacedSlab } from '../slab/slab-reader.ts'
import type { OperatorDirectory } from '../slab/storage-operator.ts'
import { withinMs } from '../slab/within-ms.ts'
import { rowBytesOf } from '../wire/slab-descriptor.ts'
import type { Observation, RecordKeeper } from './create-record-keeper.ts'

/** What an auditor needs from outside. */
export interface AuditorOptions {
  readonly index: Pick<SlabIndex, 'slab' | 'rowAt'>
  readonly directory: Pick<OperatorDirectory, 'find'>
  readonly keeper: Pick<RecordKeeper, 'note'>
  /** Rows of a device that were asked for in vain, and are to be asked for again. */
  readonly contained: (device: number) => readonly Containment[]
  /** Told of a row that its holder does not have. */
  readonly onLostRow: (slab: PlacedSlab, row: number, device: number, how: RowLoss) => void
  readonly clock: Clock
  readonly random: (count: number) => Uint8Array
}

/** Has operators show rows. */
export interface Auditor {
  /** Asks each of the devices for a row that it has: one that it did not show last time, or any. @returns how many said something */
  audit(devices: readonly number[]): Promise<number>
}

const mostAtOnce = 8
const mostMs = 20_000

/** Whole rows, held against their commitments: possession proofs do not show that an operator gives back what it has. */
export function createAuditor(options: AuditorOptions): Auditor {
  const { index, directory, keeper, contained, onLostRow, clock, random } = options

  const choose = (device: number): { readonly placed: PlacedSlab; readonly row: number } | undefined => {
    for (const { slab, row } of contained(device)) {
      const placed = index.slab(fromHex(slab))
      if (placed?.holders.get(Number(row)) === device) return { placed, row: Number(row) }
    }
    return index.rowAt(device, random(32))
  }
  const ask = async (device: number): Promise<Observation | undefined> => {
    const chosen = choose(device)
    const operator = directory.find(device)
    if (chosen === undefined || operator === undefined) return undefined
    const { placed, row } = chosen
    const { id, slab } = placed
    const asked = { kind: 'audit', device, slab: id, amount: row } as const
    try {
      const range = { start: 0, end: rowBytesOf(slab) }
      const bytes = await withinMs(clock, mostMs, (signal) => operator.rows.get(id, row, range, signal))
      const isRight = equalBytes(derivePiece(bytes).root, slab.roots[row]!)
      if (!isRight) onLostRow(placed, row, device, 'wrong')
      return { ...asked, outcome: isRight ? 'right' : 'wrong' }
    } catch (error) {
      // A row that is deleted meanwhile does not have to be there.
      const isOwed = index.slab(id)?.holders.get(row) === device
      if (isOwed && isAbsence(error)) onLostRow(placed, row, device, 'absent')
      return failureOf(error) === undefined || !isOwed ? undefined : { ...asked, outcome: 'unanswered' }
    }
  }

  return {
    async audit(devices) {
      let count = 0
      for (let first = 0; first < devices.length; first += mostAtOnce) {
        const seen = await Promise.all(devices.slice(first, first + mostAtOnce).map(ask))
        for (const observation of seen) {
          if (observation === undefined) continue
          keeper.note(observation)
          count += 1
        }
      }
      return count
    },
  }
}
