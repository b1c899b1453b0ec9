import type { SlabIndex } from '../slab/slab-index.ts'
import type { ListedSlab, OperatorDirectory, StorageOperator } from '../slab/storage-operator.ts'

const rowsAtATime = 1_000

/**
 * Where rows came to be after the last entry of a journal is known to their holders alone: all of them are asked, and what the index does not know is entered. A
 * slab counts as stored before its last rows are, so that without these a restored gateway would have fewer of them than there are.
 *
 * @param onError told of operators that do not answer
 */
export async function adoptRows(
  directory: OperatorDirectory,
  index: Pick<SlabIndex, 'adoptRows'>,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  const ask = async ({ device, rows }: StorageOperator) => {
    let batch: ListedSlab[] = []
    for await (const listed of rows.list('content', signal)) {
      batch.push(listed)
      if (batch.length < rowsAtATime) continue
      index.adoptRows(device, batch)
      batch = []
    }
    index.adoptRows(device, batch)
  }
  await Promise.all(directory.all().map((operator) => ask(operator).catch(onError)))
}
