import type { Hex } from '@cairn/protocol'
import type { Clock } from '@cairn/runtime'
import { chooseErasureCode, type ErasureCode, MAX_INLINE_BYTES } from '../erasure/erasure-code.ts'
import { MAX_ROW_BYTES, rowBytesOf, type SlabDescriptor, type SlabKind } from '../wire/slab-descriptor.ts'
import type { ByteBudget } from './byte-budget.ts'
import { createCoderCache } from './coder-cache.ts'
import { type EncodedSlab, encodeSlab } from './encode-slab.ts'
import type { OperatorHealth } from './operator-health.ts'
import { countPlaces, type PlacementRules, placeRows } from './place-rows.ts'
import { SlabError } from './slab-error.ts'
import { slabCapacityBytes } from './slab-limits.ts'
import type { OperatorDirectory, SlabName, StorageOperator } from './storage-operator.ts'
import { uploadRows } from './upload-rows.ts'

/** What a writer of slabs needs from outside. */
export interface SlabWriterOptions {
  readonly directory: OperatorDirectory
  readonly health: OperatorHealth
  /** For all rows in memory at once. */
  readonly budget: ByteBudget
  readonly clock: Clock
  /** 20 bytes. */
  readonly customer: Hex
  readonly rules: PlacementRules
  /** Always this code, or none; undefined chooses by size. */
  readonly code?: ErasureCode | undefined
  readonly random: (count: number) => Uint8Array
  /** A row that may be where it is not needed: to be deleted. */
  readonly onStray: (slabId: Uint8Array, row: number, device: number) => void
}

/** A slab that is stored. */
export interface WrittenSlab extends SlabName {
  readonly slab: SlabDescriptor
  /** Row to device; grows until `settled`. */
  readonly holders: ReadonlyMap<number, number>
  /** Resolves when no more rows will come; never rejects. */
  readonly settled: Promise<void>
}

export interface SlabWriter {
  /**
   * The code for a content of so many bytes with the operators that answer now.
   *
   * @throws SlabError `too_few_operators`
   */
  codeFor(contentBytes: number): ErasureCode
  /**
   * Codes and uploads; acknowledged when it resolves. It becomes several slabs, in order, when operators fail and a smaller code is all that is left.
   *
   * @param buffer see `encodeSlab`; not to be changed until all slabs are settled
   * @throws SlabError `too_few_operators`, `too_few_receipts`
   */
  write(head: NewSlab, buffer: Uint8Array, sizeBytes: number): Promise<readonly WrittenSlab[]>
}

/** A slab to be. */
export interface NewSlab {
  readonly kind: SlabKind
  readonly sequence: bigint
  /** The content's size, which decides the code; at least the slab's. */
  readonly contentBytes: number
}

/** Longest that an operator is given to take a row. */
const mostPutMs = 30_000
const mostAttempts = 4

export function createSlabWriter(options: SlabWriterOptions): SlabWriter {
  const { directory, health, budget, clock, customer, rules, random, onStray } = options
  const coderOf = createCoderCache()
  const newSeed = () => Buffer.from(random(4)).readUInt32BE()
  const down = () => new Set(directory.all().flatMap(({ device }) => (health.isDown(device) ? [device] : [])))
  const codeFor = (contentBytes: number) => chooseCode(directory.all(), down(), contentBytes, options)

  const upload = async (encoded: EncodedSlab, first: readonly StorageOperator[], seed: number) => {
    const rowBytes = encoded.rows[0]!.length
    return await uploadRows(encoded, first, {
      clock,
      health,
      mostMs: mostPutMs,
      onStray: (row, device) => onStray(encoded.id, row, device),
      replacement: (holders, tried) => {
        const request = { rows: 1, rowBytes, rules, seed, holders, excluded: new Set([...tried, ...down()]) }
        return countPlaces(directory.all(), request, 1) === 0
          ? undefined
          : placeRows(directory.all(), request)[0]
      },
    })
  }
  const writeOne = async (
    code: ErasureCode,
    { kind, sequence }: NewSlab,
    buffer: Uint8Array,
    sizeBytes: number,
  ): Promise<WrittenSlab> => {
    const rowBytes = rowBytesOf({ sizeBytes, dataRows: code.dataRows })
    const seed = newSeed()
    const first = placeRows(directory.all(), { rows: code.rows, rowBytes, rules, seed, excluded: down() })
    const giveBack = await budget.take(code.rows * rowBytes)
    try {
      const encoded = await encodeSlab(coderOf(code), { kind, customer, sequence }, buffer, sizeBytes)
      const { holders, settled } = await upload(encoded, first, seed)
      void settled.then(giveBack)
      return { id: encoded.id, descriptor: encoded.descriptor, slab: encoded.slab, holders, settled }
    } catch (error) {
      giveBack()
      throw error
    }
  }
  const write = async (
    head: NewSlab,
    buffer: Uint8Array,
    sizeBytes: number,
    attempt = 1,
  ): Promise<readonly WrittenSlab[]> => {
    const code = codeFor(head.contentBytes)
    const capacity = slabCapacityBytes(code)
    if (sizeBytes > capacity) {
      const written: WrittenSlab[] = []
      for (let at = 0; at < sizeBytes; at += capacity) {
        const part = buffer.subarray(at, Math.min(sizeBytes, at + capacity))
        written.push(...(await write(head, part, part.length, attempt)))
      }
      return written
    }
    try {
      return [await writeOne(code, head, buffer, sizeBytes)]
    } catch (error) {
      // Who failed is left out of the next placement.
      if (!isTooFew(error) || attempt === mostAttempts) throw error
      return await write(head, buffer, sizeBytes, attempt + 1)
    }
  }
  return { codeFor, write }
}

function isTooFew(error: unknown): boolean {
  return error instanceof SlabError && error.code === 'too_few_receipts'
}

/** The code by size that operators are enough for. @throws SlabError `too_few_operators` */
function chooseCode(
  operators: readonly StorageOperator[],
  excluded: ReadonlySet<number>,
  contentBytes: number,
  { rules, code: fixed }: Pick<SlabWriterOptions, 'rules' | 'code'>,
): ErasureCode {
  const request = { rowBytes: Math.min(MAX_ROW_BYTES, contentBytes), rules, seed: 0, excluded }
  const places = countPlaces(operators, request, 255)
  if (fixed !== undefined) {
    if (places < fixed.rows) placeRows(operators, { ...request, rows: fixed.rows })
    return fixed
  }
  const chosen = chooseErasureCode(Math.max(contentBytes, MAX_INLINE_BYTES + 1), places)
  if (chosen !== undefined && chosen !== 'inline') return chosen
  placeRows(operators, { ...request, rows: leastRows })
  throw new TypeError('there are places for no code, and for the least')
}

/** n of the smallest code. */
const leastRows = 6
