import { parseDescriptor, type SlabDescriptor, type SlabKind } from '../wire/slab-descriptor.ts'
import type { SlabReader } from './slab-reader.ts'
import type { OperatorDirectory, StorageOperator } from './storage-operator.ts'

/** A slab, and who says to have which row. */
export interface FoundSlab<Kind extends SlabKind = SlabKind> {
  readonly kind: Kind
  readonly id: Uint8Array
  readonly sequence: bigint
  readonly holders: Map<number, number>
}

/** What all operators that answer list of some kinds. @param onError told of those who do not */
export async function findSlabs<Kind extends SlabKind>(
  directory: OperatorDirectory,
  kinds: readonly Kind[],
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<readonly FoundSlab<Kind>[]> {
  const found = new Map<string, FoundSlab<Kind>>()
  const ask = async (kind: Kind, { device, rows }: StorageOperator) => {
    try {
      for await (const { id, sequence, row } of rows.list(kind, signal)) {
        const name = `${kind} ${Buffer.from(id).toString('hex')}`
        const slab = found.get(name) ?? { kind, id, sequence, holders: new Map() }
        slab.holders.set(row, device)
        found.set(name, slab)
      }
    } catch (error) {
      onError(error)
    }
  }
  await Promise.all(directory.all().flatMap((operator) => kinds.map((kind) => ask(kind, operator))))
  return [...found.values()]
}

/** The bytes of a slab whose holders are known, held against its commitments; undefined where nobody describes it. @throws SlabError `too_few_rows` */
export async function readFoundSlab(
  { id, holders }: Pick<FoundSlab, 'id' | 'holders'>,
  directory: OperatorDirectory,
  reader: Pick<SlabReader, 'readChecked'>,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const slab = await fetchDescriptor(id, holders, directory, signal)
  if (slab === undefined) return undefined
  return new Uint8Array(await reader.readChecked({ id, slab, holders }, { start: 0, end: slab.sizeBytes }))
}

async function fetchDescriptor(
  id: Uint8Array,
  holders: ReadonlyMap<number, number>,
  directory: OperatorDirectory,
  signal: AbortSignal,
): Promise<SlabDescriptor | undefined> {
  for (const device of new Set(holders.values())) {
    const described = await directory
      .find(device)
      ?.rows.describe(id, signal)
      .catch(() => undefined)
    if (described !== undefined) return parseDescriptor(new Uint8Array(described.descriptor))
  }
  return undefined
}
