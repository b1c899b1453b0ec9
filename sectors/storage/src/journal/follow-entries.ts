import { JournalError } from './journal-error.ts'
import type { JournalHead } from './journal-part.ts'

/** An entry of which all parts are there. */
export interface WholeEntry extends JournalHead {
  readonly body: Uint8Array
}

/**
 * The entries behind a checkpoint, in order. What was written again because the first try failed counts once, as it was written last: it says all that the first did.
 *
 * @param from the checkpoint's number; 0 for none
 * @throws JournalError `journal_hole` where an entry that another follows is missing, `journal_forked` where two gateways followed the same
 */
export function followEntries(entries: readonly WholeEntry[], from: bigint): readonly WholeEntry[] {
  const behind = entries.filter(({ sequence }) => sequence > from)
  const known = new Set([from, ...behind.map(({ sequence }) => sequence)])
  const orphan = behind.find(({ previous }) => previous >= from && !known.has(previous))
  if (orphan !== undefined) throw hole(orphan.previous, orphan.sequence)
  const ordered: WholeEntry[] = []
  for (let at = from; ; at = ordered.at(-1)!.sequence) {
    const next = behind.filter(({ previous }) => previous === at)
    if (next.length === 0) return ordered
    const runs = new Set(next.map(({ run }) => Buffer.from(run).toString('hex')))
    if (runs.size > 1) throw forked(at)
    ordered.push(next.reduce((a, b) => (a.sequence > b.sequence ? a : b)))
  }
}

const hole = (missing: bigint, next: bigint): JournalError =>
  new JournalError({
    code: 'journal_hole',
    message: `Entry ${missing} of the journal can not be read from the operators that answer, and entry ${next} can.`,
    fix: 'Try again when more operators answer; nothing was written.',
    field: 'sequence',
    value: String(missing),
  })

const forked = (sequence: bigint): JournalError =>
  new JournalError({
    code: 'journal_forked',
    message: `Two gateways of this root key wrote into the journal behind entry ${sequence}.`,
    fix: 'Start the one that still has its data folder: it writes a checkpoint of all that it acknowledged. One gateway of a root key runs at a time.',
    field: 'sequence',
    value: String(sequence),
  })
