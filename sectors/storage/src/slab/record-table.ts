import { DatabaseSync } from 'node:sqlite'

/** What a gateway put on record of devices, beside its index: journaled with it. */
export interface RecordTable {
  /** Keeps a record of a device with its signature; `at` in Unix seconds. */
  addRecord(device: number, at: number, signed: Uint8Array): void
  /** Oldest first. */
  records(device: number): readonly Uint8Array[]
  /** Drops records from before a time, Unix seconds. */
  forgetRecords(before: number): void
}

/** Makes the table where there is none. */
export function openRecordTable(db: DatabaseSync): RecordTable {
  db.exec(`
    create table if not exists records (
      device integer not null, at integer not null, signed blob not null, primary key (device, at, signed)) without rowid`)
  return {
    addRecord: (device, at, signed) =>
      void db
        .prepare('insert or ignore into records (device, at, signed) values (?, ?, ?)')
        .run(device, at, signed),
    records: (device) => readRecords(db, device),
    forgetRecords: (before) => void db.prepare('delete from records where at < ?').run(before),
  }
}

const readRecords = (db: DatabaseSync, device: number): readonly Uint8Array[] =>
  db
    .prepare('select signed from records where device = ? order by at, signed')
    .all(device)
    .map(({ signed }) => new Uint8Array(signed as Uint8Array))

/** The records of a device in an index's file that another process may have open. @throws what opening it throws */
export function readRecordsOf(path: string, device: number): readonly Uint8Array[] {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    return readRecords(db, device)
  } finally {
    db.close()
  }
}
