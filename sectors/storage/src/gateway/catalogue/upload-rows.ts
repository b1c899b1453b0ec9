import type { Database, Row } from './open-database.ts'
import type { Part, Upload, UploadRecord } from './records.ts'

const columns = 'id, key, created_ms, record'

/** Statements on uploads and their parts. The caller has the transaction. */
export interface UploadRows {
  get(bucket: string, key: string, id: string): Upload | undefined
  insert(bucket: string, upload: Upload): void
  /** In order of key, then id. */
  all(bucket: string, from: Buffer, to: Buffer): Iterable<Upload>
  isAny(bucket: string): boolean
  /** The content of a part of this number that was there before is discarded. */
  putPart(uploadId: string, part: Part): void
  /** In order of number. */
  parts(uploadId: string, afterNumber?: number, limit?: number): readonly Part[]
  /** With its parts; their content is discarded except what `kept` names. */
  remove(uploadId: string, kept: ReadonlySet<string>): void
}

export function uploadRows(db: Database): UploadRows {
  const discard = (content: string) => db.run('insert or ignore into discarded (content) values (?)', content)
  const parts = (uploadId: string, afterNumber = 0, limit = -1) =>
    [
      ...db.iterate(
        'select number, content, size_bytes, etag, modified_ms, checksum from parts where upload = ? and number > ? order by number limit ?',
        uploadId,
        afterNumber,
        limit,
      ),
    ].map(toPart)
  return {
    parts,
    get(bucket, key, id) {
      const row = db.get(
        `select ${columns} from uploads where id = ? and bucket = ? and key = ?`,
        id,
        bucket,
        Buffer.from(key),
      )
      return row === undefined ? undefined : toUpload(row)
    },
    insert: (bucket, { id, key, createdMs, record }) =>
      void db.run(
        'insert into uploads (id, bucket, key, created_ms, record) values (?, ?, ?, ?, ?)',
        id,
        bucket,
        Buffer.from(key),
        createdMs,
        JSON.stringify(record),
      ),
    *all(bucket, from, to) {
      for (const row of db.iterate(
        `select ${columns} from uploads where bucket = ? and key >= ? and key < ? order by key, id`,
        bucket,
        from,
        to,
      ))
        yield toUpload(row)
    },
    isAny: (bucket) => db.get('select 1 from uploads where bucket = ? limit 1', bucket) !== undefined,
    putPart(uploadId, { number, content, etag, modifiedMs, checksum }) {
      const before = db.get('select content from parts where upload = ? and number = ?', uploadId, number)
      if (before !== undefined) discard(String(before.content))
      db.run(
        'insert or replace into parts (upload, number, content, size_bytes, etag, modified_ms, checksum) values (?, ?, ?, ?, ?, ?, ?)',
        uploadId,
        number,
        content.id,
        content.sizeBytes,
        etag,
        modifiedMs,
        checksum === undefined ? '' : JSON.stringify(checksum),
      )
    },
    remove(uploadId, kept) {
      for (const { content } of parts(uploadId)) if (!kept.has(content.id)) discard(content.id)
      db.run('delete from parts where upload = ?', uploadId)
      db.run('delete from uploads where id = ?', uploadId)
    },
  }
}

function toUpload(row: Row): Upload {
  return {
    id: String(row.id),
    key: Buffer.from(row.key as Uint8Array).toString(),
    createdMs: Number(row.created_ms),
    record: JSON.parse(String(row.record)) as UploadRecord,
  }
}

function toPart(row: Row): Part {
  const checksum = String(row.checksum)
  return {
    number: Number(row.number),
    content: { id: String(row.content), sizeBytes: Number(row.size_bytes) },
    etag: String(row.etag),
    modifiedMs: Number(row.modified_ms),
    checksum: checksum === '' ? undefined : (JSON.parse(checksum) as NonNullable<Part['checksum']>),
  }
}
