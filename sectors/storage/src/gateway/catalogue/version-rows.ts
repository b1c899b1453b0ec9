import type { StoredContent } from '../content/content-store.ts'
import type { Database, Row } from './open-database.ts'
import type { NewVersion, Version, VersionRecord } from './records.ts'

const columns = 'sequence, key, version_id, is_latest, is_marker, size_bytes, etag, modified_ms, record'

/** Statements on versions and their pieces. The caller has the transaction. */
export interface VersionRows {
  latest(bucket: string, key: string): Version | undefined
  byId(bucket: string, key: string, versionId: string): Version | undefined
  /** Makes it the latest of its key. A marker when `version` is undefined. */
  insert(
    bucket: string,
    key: string,
    versionId: string,
    version: NewVersion | undefined,
    nowMs: number,
  ): Version
  /** Its content is discarded, it is public no more, and the one before it becomes the latest. */
  remove(bucket: string, version: Version): void
  pieces(sequence: number): readonly StoredContent[]
  /** Current versions that are no markers, in order of key. */
  current(bucket: string, from: Buffer, to: Buffer): Iterable<Version>
  /** Newest first within a key. */
  all(bucket: string, from: Buffer, to: Buffer): Iterable<Version>
}

export function versionRows(db: Database): VersionRows {
  const bytes = (key: string) => Buffer.from(key)
  const maybe = (row: Row | undefined) => (row === undefined ? undefined : toVersion(row))
  return {
    latest: (bucket, key) =>
      maybe(
        db.get(
          `select ${columns} from versions where bucket = ? and key = ? order by sequence desc limit 1`,
          bucket,
          bytes(key),
        ),
      ),
    byId: (bucket, key, versionId) =>
      maybe(
        db.get(
          `select ${columns} from versions where bucket = ? and key = ? and version_id = ?`,
          bucket,
          bytes(key),
          versionId,
        ),
      ),
    insert(bucket, key, versionId, version, nowMs) {
      db.run(
        'update versions set is_latest = 0 where bucket = ? and key = ? and is_latest = 1',
        bucket,
        bytes(key),
      )
      const columnsOf = {
        key,
        versionId,
        isLatest: true,
        isMarker: version === undefined,
        sizeBytes: version?.sizeBytes ?? 0,
        etag: version?.etag ?? '',
        modifiedMs: version?.modifiedMs ?? nowMs,
        record: version?.record ?? { headers: {}, metadata: {} },
      }
      const { lastInsertRowid: sequence } = db.run(
        'insert into versions (bucket, key, version_id, is_latest, is_marker, size_bytes, etag, modified_ms, record) values (?, ?, ?, 1, ?, ?, ?, ?, ?)',
        bucket,
        bytes(key),
        versionId,
        columnsOf.isMarker ? 1 : 0,
        columnsOf.sizeBytes,
        columnsOf.etag,
        columnsOf.modifiedMs,
        JSON.stringify(columnsOf.record),
      )
      for (const [position, { id, sizeBytes }] of (version?.pieces ?? []).entries())
        db.run(
          'insert into pieces (owner, position, content, size_bytes) values (?, ?, ?, ?)',
          sequence,
          position,
          id,
          sizeBytes,
        )
      return { sequence, ...columnsOf }
    },
    remove(bucket, { key, sequence, isLatest }) {
      db.run('insert or ignore into discarded select content from pieces where owner = ?', sequence)
      db.run('delete from pieces where owner = ?', sequence)
      db.run('delete from publications where owner = ?', sequence)
      db.run('delete from versions where sequence = ?', sequence)
      if (isLatest)
        db.run(
          'update versions set is_latest = 1 where sequence = (select max(sequence) from versions where bucket = ? and key = ?)',
          bucket,
          bytes(key),
        )
    },
    pieces: (sequence) =>
      [
        ...db.iterate('select content, size_bytes from pieces where owner = ? order by position', sequence),
      ].map((row) => ({ id: String(row.content), sizeBytes: Number(row.size_bytes) })),
    *current(bucket, from, to) {
      for (const row of db.iterate(
        `select ${columns} from versions where bucket = ? and is_latest = 1 and is_marker = 0 and key >= ? and key < ? order by key`,
        bucket,
        from,
        to,
      ))
        yield toVersion(row)
    },
    *all(bucket, from, to) {
      for (const row of db.iterate(
        `select ${columns} from versions where bucket = ? and key >= ? and key < ? order by key, sequence desc`,
        bucket,
        from,
        to,
      ))
        yield toVersion(row)
    },
  }
}

function toVersion(row: Row): Version {
  return {
    sequence: Number(row.sequence),
    key: Buffer.from(row.key as Uint8Array).toString(),
    versionId: String(row.version_id),
    isLatest: row.is_latest === 1,
    isMarker: row.is_marker === 1,
    sizeBytes: Number(row.size_bytes),
    etag: String(row.etag),
    modifiedMs: Number(row.modified_ms),
    record: JSON.parse(String(row.record)) as VersionRecord,
  }
}
