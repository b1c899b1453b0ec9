import type { Database, Row } from './open-database.ts'

/** A version that everybody may read by its CID. */
export interface Publication {
  /** The sequence of its version. */
  readonly sequence: number
  readonly bucket: string
  readonly key: string
  readonly versionId: string
  readonly sizeBytes: number
  /** The root of its UnixFS DAG: a CID, version 1, in base32. */
  readonly cid: string
  readonly publishedMs: number
}

const selected =
  'select sequence, bucket, key, version_id, size_bytes, cid, published_ms from publications join versions on sequence = owner'

/** Statements on what is public. The caller has the transaction. */
export interface PublicationRows {
  get(sequence: number): Publication | undefined
  /** In order of sequence. */
  after(sequence: number, limit: number): readonly Publication[]
  /** Of a version that is there. */
  insert(sequence: number, cid: string, nowMs: number): void
  remove(sequence: number): void
  /** All versions of a key. */
  removeKey(bucket: string, key: string): void
}

export function publicationRows(db: Database): PublicationRows {
  return {
    get(sequence) {
      const row = db.get(`${selected} where owner = ?`, sequence)
      return row === undefined ? undefined : toPublication(row)
    },
    after: (sequence, limit) =>
      [...db.iterate(`${selected} where owner > ? order by owner limit ?`, sequence, limit)].map(
        toPublication,
      ),
    insert: (sequence, cid, nowMs) =>
      void db.run(
        'insert or ignore into publications (owner, cid, published_ms) values (?, ?, ?)',
        sequence,
        cid,
        nowMs,
      ),
    remove: (sequence) => void db.run('delete from publications where owner = ?', sequence),
    removeKey: (bucket, key) =>
      void db.run(
        'delete from publications where owner in (select sequence from versions where bucket = ? and key = ?)',
        bucket,
        Buffer.from(key),
      ),
  }
}

function toPublication(row: Row): Publication {
  return {
    sequence: Number(row.sequence),
    bucket: String(row.bucket),
    key: Buffer.from(row.key as Uint8Array).toString(),
    versionId: String(row.version_id),
    sizeBytes: Number(row.size_bytes),
    cid: String(row.cid),
    publishedMs: Number(row.published_ms),
  }
}
