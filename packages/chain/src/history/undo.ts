import { HistoryError } from './history-error.ts'

/** Takes one change back. Changes are taken back in the opposite order, so each may count on the state it left. */
export type Undo = () => void

/** The last changes of a history. */
export interface UndoLog {
  push(block: number, undo: Undo): void
  /**
   * Takes back what came after block `last`.
   *
   * @returns `nothing left` when that is everything there ever was: the caller begins anew
   * @throws HistoryError `history_forgotten` when it is further back than the log reaches
   */
  rollback(last: number): 'rolled back' | 'nothing left'
}

/** How many blocks back single changes can be taken back. More than a follower's journal, which has 64. */
export const rollbackBlocks = 256

/** Makes an empty log. */
export function createUndoLog(): UndoLog {
  let changes: { block: number; undo: Undo }[] = []
  let first: number | undefined
  /** Changes of blocks up to here can not be taken back one by one. */
  let forgotten = -1

  const forget = (newest: number) => {
    const kept = changes.findIndex(({ block }) => block >= newest - rollbackBlocks)
    if (kept <= 0) return
    forgotten = changes[kept - 1]!.block
    changes = changes.slice(kept)
  }
  return {
    push(block, undo) {
      first ??= block
      changes.push({ block, undo })
      // Now and then is enough, and cheap.
      if (changes.length % 4_096 === 0) forget(block)
    },
    rollback(last) {
      if (first === undefined || last < first) {
        changes = []
        first = undefined
        forgotten = -1
        return 'nothing left'
      }
      if (last < forgotten) throw tooFar(last, forgotten)
      while (changes.length > 0 && changes.at(-1)!.block > last) changes.pop()!.undo()
      return 'rolled back'
    },
  }
}

function tooFar(last: number, forgotten: number): HistoryError {
  return new HistoryError({
    code: 'history_forgotten',
    message: `The history was to be rolled back to block ${last}, but what happened up to block ${forgotten} can not be taken back any more.`,
    fix: 'Roll back to before the deployment, and read everything again.',
    field: 'block',
    value: String(last),
  })
}
