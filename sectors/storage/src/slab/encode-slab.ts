import { setImmediate } from 'node:timers/promises'
import type { Hex } from '@cairn/protocol'
import { sha256 } from '@cairn/runtime'
import type { ErasureCoder } from '../erasure/erasure-coder.ts'
import { derivePiece } from '../piece/piece-hasher.ts'
import {
  deriveSlabId,
  encodeDescriptor,
  rowBytesOf,
  type SlabDescriptor,
  type SlabKind,
} from '../wire/slab-descriptor.ts'
import type { SlabName } from './storage-operator.ts'

/** What a slab is besides its bytes. */
export interface SlabHead {
  readonly kind: SlabKind
  readonly customer: Hex
  readonly sequence: bigint
}

/** A slab with all its rows in memory. */
export interface EncodedSlab extends SlabName {
  readonly slab: SlabDescriptor
  /** n, data rows first. */
  readonly rows: readonly Uint8Array[]
}

/**
 * Codes the bytes of a slab and commits to each of its rows. Others have their turn between two rows.
 *
 * @param buffer begins with the slab; used as it is, and zeroed behind the slab, when it is as long as the data rows, copied otherwise
 */
export async function encodeSlab(
  coder: ErasureCoder,
  head: SlabHead,
  buffer: Uint8Array,
  sizeBytes: number,
): Promise<EncodedSlab> {
  const { dataRows, rows: count } = coder.code
  const length = rowBytesOf({ sizeBytes, dataRows })
  const data = padded(buffer, sizeBytes, length * dataRows)
  const dataRowsOf = Array.from({ length: dataRows }, (_, i) => data.subarray(i * length, (i + 1) * length))
  const rows = [...dataRowsOf, ...coder.encode(dataRowsOf)]
  const roots: Uint8Array[] = []
  for (const row of rows) {
    roots.push(derivePiece(row).root)
    await setImmediate()
  }
  const slab: SlabDescriptor = { ...head, sizeBytes, dataRows, rows: count, roots }
  const descriptor = encodeDescriptor(slab)
  return { slab, descriptor, id: deriveSlabId(sha256, descriptor), rows }
}

function padded(buffer: Uint8Array, sizeBytes: number, length: number): Uint8Array {
  if (buffer.length >= length) return buffer.fill(0, sizeBytes, length)
  const data = new Uint8Array(length)
  data.set(buffer.subarray(0, sizeBytes))
  return data
}
