/** Remembers the `most` keys added last. */
export interface RecentSet {
  /** False when the key is there already. */
  add(key: string): boolean
  delete(key: string): void
}

export function createRecentSet(most: number): RecentSet {
  // A Set iterates in insertion order, so the first is the oldest.
  const keys = new Set<string>()
  return {
    add(key) {
      if (keys.has(key)) return false
      if (keys.size >= most) keys.delete(keys.values().next().value!)
      keys.add(key)
      return true
    },
    delete: (key) => void keys.delete(key),
  }
}
