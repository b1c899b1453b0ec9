import { readFileSync, rmSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'

/** What changed in a database, and all of it. */
export interface TrackedDatabase {
  /** What changed since the last call, or since tracking began: a SQLite changeset, empty for nothing. */
  take(): Uint8Array
  /** The database as a file. What changed before is taken. */
  snapshot(): Uint8Array
}

/** Begins to track a database. It costs every write a note of which row it was. */
export function trackChanges(db: DatabaseSync, path: string): TrackedDatabase {
  let session = db.createSession()
  const take = () => {
    const changes = session.changeset()
    session.close()
    session = db.createSession()
    return changes
  }
  return {
    take,
    snapshot() {
      take()
      const copy = `${path}.snapshot`
      rmSync(copy, { force: true })
      db.prepare('vacuum into ?').run(copy)
      const bytes = readFileSync(copy)
      rmSync(copy)
      return bytes
    },
  }
}
