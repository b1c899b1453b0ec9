import type { OperatorDirectory } from '../slab/storage-operator.ts'
import type { JournalKind } from './journal-part.ts'

/** A slab of a journal, and who says to have which row. */
export interface FoundSlab {
  readonly kind: JournalKind
  readonly id: Uint8Array
  readonly holders: Map<number, number>
}

/** What all operators that answer list. @param onError told of those who do not */
export async function findJournal(
  directory: OperatorDirectory,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<readonly FoundSlab[]> {
  const found = new Map<string, FoundSlab>()
  const ask = async (kind: JournalKind, { device, rows }: ReturnType<OperatorDirectory['all']>[number]) => {
    try {
      for await (const { id, row } of rows.list(kind, signal)) {
        const name = `${kind} ${Buffer.from(id).toString('hex')}`
        const slab = found.get(name) ?? { kind, id, holders: new Map() }
        slab.holders.set(row, device)
        found.set(name, slab)
      }
    } catch (error) {
      onError(error)
    }
  }
  const asking = directory
    .all()
    .flatMap((operator) => [ask('checkpoint', operator), ask('journal', operator)])
  await Promise.all(asking)
  return [...found.values()]
}
