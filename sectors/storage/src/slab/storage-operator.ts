import type { ByteRange } from '../gateway/content/content-store.ts'
import type { SlabKind } from '../wire/slab-descriptor.ts'
import type { PlacementCandidate } from './place-rows.ts'

/** What a slab is to the operators that keep its rows. */
export interface SlabName {
  /** SHA-256 of the descriptor. */
  readonly id: Uint8Array
  readonly descriptor: Uint8Array
}

/** A slab as an operator lists it. */
export interface ListedSlab {
  readonly id: Uint8Array
  readonly sequence: bigint
  readonly sizeBytes: number
  readonly row: number
}

/** Rows of slabs at one operator. Every call ends when its signal is aborted, and throws what the operator or the way to it did wrong. */
export interface RowOperator {
  /** Resolves when the row is durable there and its receipt verifies: kept until then (Unix seconds) although it is in no bundle. */
  put(slab: SlabName, row: number, bytes: Uint8Array, signal: AbortSignal): Promise<bigint>
  /** These bytes of a row, as many as were asked for; whether they are right is for the caller to find out. */
  get(slabId: Uint8Array, row: number, range: ByteRange, signal: AbortSignal): Promise<Uint8Array>
  /** The customer needs the row no more. A row that is not there is no error. */
  delete(slabId: Uint8Array, row: number, signal: AbortSignal): Promise<void>
  /** The descriptor, as the operator gives it, and the rows it holds; undefined where it has none of this slab. */
  describe(
    slabId: Uint8Array,
    signal: AbortSignal,
  ): Promise<{ readonly descriptor: Uint8Array; readonly rows: readonly number[] } | undefined>
  /** The customer's slabs of a kind held there, in order of (sequence, id), all pages. */
  list(kind: SlabKind, signal: AbortSignal): AsyncIterable<ListedSlab>
}

/** An operator's device: who it is and where, what it offers, and the way to it. */
export interface StorageOperator extends PlacementCandidate {
  readonly rows: RowOperator
}

/** The operators that a gateway deals with, as of now. */
export interface OperatorDirectory {
  all(): readonly StorageOperator[]
  find(device: number): StorageOperator | undefined
}
