import type { Database, Row } from './open-database.ts'
import type { Bucket, Versioning } from './records.ts'

/** Statements on buckets. */
export interface BucketRows {
  get(name: string): Bucket | undefined
  /** By name. */
  all(): readonly Bucket[]
  insert(name: string, nowMs: number): void
  setVersioning(name: string, versioning: Versioning): void
  /** @returns false, and leaves it, when it holds versions */
  remove(name: string): boolean
}

export function bucketRows(db: Database): BucketRows {
  return {
    get(name) {
      const row = db.get('select name, created_ms, versioning from buckets where name = ?', name)
      return row === undefined ? undefined : toBucket(row)
    },
    all: () =>
      [...db.iterate('select name, created_ms, versioning from buckets order by name')].map(toBucket),
    insert: (name, nowMs) =>
      void db.run("insert into buckets (name, created_ms, versioning) values (?, ?, 'Off')", name, nowMs),
    setVersioning: (name, versioning) =>
      void db.run('update buckets set versioning = ? where name = ?', versioning, name),
    remove(name) {
      if (db.get('select 1 from versions where bucket = ? limit 1', name) !== undefined) return false
      db.run('delete from buckets where name = ?', name)
      return true
    },
  }
}

function toBucket(row: Row): Bucket {
  return {
    name: String(row.name),
    createdMs: Number(row.created_ms),
    versioning: String(row.versioning) as Versioning,
  }
}
