import type { SlabIndex } from './slab-index.ts'
import type { WrittenSlab } from './slab-writer.ts'

/** Enters rows that came after the slab counted as stored. When it was deleted meanwhile they have to go, too. */
export async function enterLateRows(
  index: Pick<SlabIndex, 'setHolders' | 'addDeletions'>,
  { id, holders, settled }: WrittenSlab,
): Promise<void> {
  await settled
  if (index.setHolders(id, holders)) return
  index.addDeletions([...holders].map(([row, device]) => ({ slab: id, row, device })))
}
