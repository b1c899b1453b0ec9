/**
 * Group commit: everything written before a call is on the disk when its promise resolves, and calls that come while the disk is busy share the next turn.
 *
 * @param sync forces to disk what was written before it began
 */
export function createFlush(sync: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const begin = () => {
    next = undefined
    running = sync().finally(() => {
      running = undefined
    })
    return running
  }
  return () => {
    if (running === undefined) return begin()
    next ??= running.then(begin, begin)
    return next
  }
}
