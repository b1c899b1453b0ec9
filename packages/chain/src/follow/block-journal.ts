import type { Hex } from '@cairn/protocol'
import { BlockNotFoundError, type Client } from 'viem'
import { getBlock } from 'viem/actions'

/** What the newest block says of itself and of the one before it: questions that need not be asked. */
export interface Head {
  readonly number: bigint
  readonly hash: Hex
  readonly parentHash: Hex
}

/** The hashes of the last blocks that were read, to notice when the chain is another. */
export interface BlockJournal {
  /** Hashes of the blocks from..to; undefined when they do not stand on one another or on the journal. Adds nothing. */
  fetch(from: number, to: number, head: Head): Promise<Map<number, Hex> | undefined>
  /** Whether the last of these blocks is still the chain's. */
  isCurrent(blocks: ReadonlyMap<number, Hex>): Promise<boolean>
  add(blocks: ReadonlyMap<number, Hex>): void
  /** Forgets blocks after `last`. */
  forget(last: number): void
  /**
   * The newest block up to `upTo` that the journal and the chain have in common: `all` when it is the newest one the journal has (or the journal
   * is empty), `none` when the chain parted before the oldest.
   */
  findCommon(upTo: number, head: Head): Promise<number | 'all' | 'none'>
}

/** Blocks asked for at once. */
const atOnce = 16

/** Makes an empty journal of at most `size` blocks. */
export function createBlockJournal(client: Client, size: number): BlockJournal {
  const hashes = new Map<number, Hex>()
  const read = async (number: number) => {
    try {
      return await getBlock(client, { blockNumber: BigInt(number), includeTransactions: false })
    } catch (error) {
      if (error instanceof BlockNotFoundError) return undefined
      throw error
    }
  }
  const hashAt = async (number: number, head: Head) => {
    if (BigInt(number) === head.number) return head.hash
    return BigInt(number) === head.number - 1n ? head.parentHash : (await read(number))?.hash
  }

  return {
    async fetch(from, to, head) {
      const blockAt = (number: number) => (BigInt(number) === head.number ? head : read(number))
      const found = new Map<number, Hex>()
      let before = hashes.get(from - 1)
      for (let first = from; first <= to; first += atOnce) {
        const count = Math.min(atOnce, to - first + 1)
        for (const block of await Promise.all(Array.from({ length: count }, (_, i) => blockAt(first + i)))) {
          if (block === undefined || (before !== undefined && block.parentHash !== before)) return undefined
          found.set(Number(block.number), block.hash)
          before = block.hash
        }
      }
      return found
    },
    async isCurrent(blocks) {
      const last = [...blocks].at(-1)
      return last === undefined || (await read(last[0]))?.hash === last[1]
    },
    add(blocks) {
      for (const [number, hash] of blocks) hashes.set(number, hash)
      while (hashes.size > size) hashes.delete(hashes.keys().next().value!)
    },
    forget(last) {
      for (const number of [...hashes.keys()]) if (number > last) hashes.delete(number)
    },
    async findCommon(upTo, head) {
      const newest = [...hashes.keys()].at(-1)
      for (const [number, hash] of [...hashes].reverse()) {
        if (number > upTo) continue
        if ((await hashAt(number, head)) === hash) return number === newest ? 'all' : number
      }
      return newest === undefined ? 'all' : 'none'
    },
  }
}
