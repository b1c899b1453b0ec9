import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { type TrackedDatabase, trackChanges } from '../../journal/track-changes.ts'

/**
 * Keys are blobs, so that they sort by their UTF-8 bytes, as S3 lists them, whatever the locale. `discarded` are contents that no version has any more and that
 * still have to be deleted. The owner of a publication is a version.
 */
const schema = `
  create table if not exists buckets (name text primary key, created_ms integer not null, versioning text not null) without rowid;
  create table if not exists versions (
    sequence integer primary key autoincrement, bucket text not null, key blob not null, version_id text not null,
    is_latest integer not null, is_marker integer not null, size_bytes integer not null, etag text not null,
    modified_ms integer not null, record text not null, unique (bucket, key, version_id));
  create index if not exists versions_by_key on versions (bucket, key, sequence desc);
  create index if not exists versions_current on versions (bucket, key) where is_latest = 1 and is_marker = 0;
  create table if not exists pieces (
    owner integer not null, position integer not null, content text not null, size_bytes integer not null,
    primary key (owner, position)) without rowid;
  create index if not exists pieces_by_content on pieces (content);
  create table if not exists uploads (
    id text primary key, bucket text not null, key blob not null, created_ms integer not null, record text not null) without rowid;
  create index if not exists uploads_by_key on uploads (bucket, key, id);
  create table if not exists parts (
    upload text not null, number integer not null, content text not null, size_bytes integer not null, etag text not null,
    modified_ms integer not null, checksum text not null, primary key (upload, number)) without rowid;
  create index if not exists parts_by_content on parts (content);
  create table if not exists publications (owner integer primary key, cid text not null, published_ms integer not null);
  create table if not exists discarded (content text primary key) without rowid;
  create table if not exists small_contents (id text primary key, sealed blob not null);
`

/** A row as SQLite gives it. */
export type Row = Record<string, SQLOutputValue>

/** The catalogue's database: statements are prepared once. */
export interface Database {
  run(sql: string, ...values: SQLInputValue[]): { readonly changes: number; readonly lastInsertRowid: number }
  get(sql: string, ...values: SQLInputValue[]): Row | undefined
  iterate(sql: string, ...values: SQLInputValue[]): Iterable<Row>
  /** All of it happens, or, when it throws, none. */
  transaction<T>(body: () => T): T
  readonly walPath: string
  track(): TrackedDatabase
  close(): void
}

/** The database's file in the catalogue's folder. */
export const cataloguePath = (folder: string): string => join(folder, 'catalogue.sqlite')

/**
 * Opens SQLite in the folder. Commits go to the write-ahead log without waiting for the disk: see `createFlush`.
 *
 * SQLite rather than a log of our own: listing wants an ordered index that does not fit in memory, and its recovery has been tested more than ours would be.
 */
export function openDatabase(folder: string): Database {
  const path = cataloguePath(folder)
  const database = new DatabaseSync(path)
  database.exec('pragma journal_mode = wal; pragma synchronous = normal')
  database.exec(schema)
  const statements = new Map<string, StatementSync>()
  const prepare = (sql: string) => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  return {
    walPath: `${path}-wal`,
    track: () => trackChanges(database, path),
    run(sql, ...values) {
      const { changes, lastInsertRowid } = prepare(sql).run(...values)
      return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) }
    },
    get: (sql, ...values) => prepare(sql).get(...values) as Row | undefined,
    iterate: (sql, ...values) => prepare(sql).iterate(...values) as Iterable<Row>,
    transaction(body) {
      database.exec('begin immediate')
      try {
        const result = body()
        database.exec('commit')
        return result
      } catch (error) {
        if (database.isTransaction) database.exec('rollback')
        throw error
      }
    },
    close: () => database.close(),
  }
}
