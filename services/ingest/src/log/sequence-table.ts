/** Where the report of a (device, sequence) stands in its epoch's log. */
export interface SequenceTable {
  readonly size: number
  /** The index, or −1 when no report has that identity. */
  find(device: number, sequence: number): number
  /** Adds an identity that is not there yet. All three are u32. */
  add(device: number, sequence: number, index: number): void
}

/**
 * An open-addressing table in flat memory, 12 bytes a slot and at most two thirds full, because an epoch holds millions of
 * reports and a Map of Maps would cost ten times that.
 */
export function createSequenceTable(slots = 1_024): SequenceTable {
  let mask = slots - 1
  let entries = new Uint32Array(3 * slots)
  let size = 0

  /** The slot of the identity, or the empty one where it belongs. A slot's third word is its index + 1; 0 is empty. */
  const slotOf = (device: number, sequence: number): number => {
    let slot = mix(device, sequence) & mask
    for (;;) {
      const at = 3 * slot
      if (entries[at + 2] === 0 || (entries[at] === device && entries[at + 1] === sequence)) return at
      slot = (slot + 1) & mask
    }
  }
  const grow = () => {
    const old = entries
    mask = 2 * mask + 1
    entries = new Uint32Array(2 * old.length)
    for (let at = 0; at < old.length; at += 3) {
      if (old[at + 2] === 0) continue
      entries.set(old.subarray(at, at + 3), slotOf(old[at]!, old[at + 1]!))
    }
  }
  return {
    get size() {
      return size
    },
    find: (device, sequence) => entries[slotOf(device, sequence) + 2]! - 1,
    add(device, sequence, index) {
      if (3 * size >= 2 * mask) grow()
      const at = slotOf(device, sequence)
      entries[at] = device
      entries[at + 1] = sequence
      entries[at + 2] = index + 1
      size++
    },
  }
}

/** Multiply and fold (the finaliser of MurmurHash3), so that a device that counts up does not fill neighbouring slots of another. */
const mix = (device: number, sequence: number): number => {
  let h = Math.imul(device ^ 0x9e37_79b9, 0x85eb_ca6b) ^ sequence
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35)
  return (h ^ (h >>> 16)) >>> 0
}
