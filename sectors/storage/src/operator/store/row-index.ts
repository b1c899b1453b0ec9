import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { fromHex, toHex } from '@cairn/protocol'
import type { BundleList } from '../../bundle/bundle-list.ts'
import { u64Bytes } from '../../wire/fields.ts'
import { parseDescriptor, SLAB_KINDS, type SlabKind } from '../../wire/slab-descriptor.ts'
import type { ListedSlab, ListingPlace } from '../../wire/slab-listing.ts'
import { type PlacedRecord, recordBytesOf } from './volumes.ts'

const schema = `
  create table if not exists rows (
    slab blob not null, row integer not null, volume integer not null, offset integer not null, meta_bytes integer not null, data_bytes integer not null,
    kept_until integer not null, released integer not null, customer blob not null, kind integer not null, sequence blob not null, size_bytes integer not null,
    root blob not null, primary key (slab, row)) without rowid;
  create index if not exists rows_by_customer on rows (customer, kind, sequence, slab, row) where released = 0;
  create index if not exists rows_by_volume on rows (volume, offset);
  create index if not exists rows_by_end on rows (kept_until);
  create table if not exists volumes (
    volume integer primary key, indexed_to integer not null, live_bytes integer not null, removed integer not null default 0);
  create table if not exists bundles (rail text not null, piece integer not null, primary key (rail, piece)) without rowid;
  create table if not exists bundle_rows (
    slab blob not null, row integer not null, rail text not null, piece integer not null, primary key (slab, row, rail, piece)) without rowid;
  create index if not exists bundle_rows_by_piece on bundle_rows (rail, piece);
`

/** A row as the index has it. */
export interface IndexedRow {
  readonly slab: Uint8Array
  readonly row: number
  readonly volume: number
  readonly offset: number
  readonly metaBytes: number
  readonly dataBytes: number
  readonly keptUntil: number
  readonly isReleased: boolean
  readonly customer: string
  readonly root: Uint8Array
}

/** A volume as the index has it. */
export interface IndexedVolume {
  readonly volume: number
  readonly indexedTo: number
  readonly liveBytes: number
  readonly isRemoved: boolean
}

/** Where rows stand: a projection of the volumes and bundle files, made again from them where it is lost. */
export interface RowIndex {
  /** All of it happens, or none. */
  transaction(body: () => void): void
  find(slab: Uint8Array, row: number): IndexedRow | undefined
  rowsOf(slab: Uint8Array): readonly IndexedRow[]
  /** Takes in a record of a volume, which is the next of it. */
  apply(volume: number, record: PlacedRecord): void
  list(
    customer: string,
    kind: SlabKind,
    after: ListingPlace | undefined,
    limit: number,
  ): readonly ListedSlab[]
  volumes(): readonly IndexedVolume[]
  addVolume(volume: number): void
  markRemoved(volume: number): void
  forgetVolume(volume: number): void
  rowsIn(volume: number): readonly IndexedRow[]
  /** Rows that nobody needs any more: released or past their end, and in no bundle. */
  collectable(nowSeconds: number, limit: number): readonly IndexedRow[]
  addBundle(list: BundleList): void
  dropBundle(rail: bigint, piece: number): void
  bundles(): readonly { readonly rail: bigint; readonly piece: number }[]
  totals(): { readonly rows: number; readonly rowBytes: number; readonly usedBytes: number }
  /** Of all volumes: cheap, however many rows there are. */
  usedBytes(): number
  close(): void
}

/** Removes the index's files, so that the next one begins with nothing. */
export function removeIndex(folder: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(join(folder, `index.sqlite${end}`), { force: true })
}

/** Commits do not wait for the disk: what is lost is read from the volumes again. */
export function openRowIndex(folder: string): RowIndex {
  const database = new DatabaseSync(join(folder, 'index.sqlite'))
  database.exec('pragma journal_mode = wal; pragma synchronous = normal')
  database.exec(schema)
  const statements = new Map<string, StatementSync>()
  const prepare = (sql: string) => {
    const statement = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  const run = (sql: string, ...values: SQLInputValue[]) => prepare(sql).run(...values)
  const all = (sql: string, ...values: SQLInputValue[]) =>
    prepare(sql)
      .all(...values)
      .map((found) => found as unknown as RowColumns)
  const find = (slab: Uint8Array, row: number) =>
    all('select * from rows where slab = ? and row = ?', slab, row).map(toRow)[0]
  const addLive = (volume: number, bytes: number) =>
    run('update volumes set live_bytes = live_bytes + ? where volume = ?', bytes, volume)

  const applyRecord = (volume: number, record: PlacedRecord) => {
    const { meta, offset, metaBytes, dataBytes } = record
    const known = find(meta.slab, meta.row)
    if (meta.type === 'release')
      return run('update rows set released = 1 where slab = ? and row = ?', meta.slab, meta.row)
    const isOlder = (other: { volume: number; offset: number }, than: { volume: number; offset: number }) =>
      other.volume < than.volume || (other.volume === than.volume && other.offset <= than.offset)
    if (meta.type === 'gone') {
      if (known === undefined || !isOlder(known, meta)) return
      run('delete from rows where slab = ? and row = ?', meta.slab, meta.row)
      return addLive(known.volume, -recordBytesOf(known))
    }
    if (known !== undefined) addLive(known.volume, -recordBytesOf(known))
    const slab = parseDescriptor(meta.descriptor)
    run(
      'insert or replace into rows values (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)',
      meta.slab,
      meta.row,
      volume,
      offset,
      metaBytes,
      dataBytes,
      meta.keptUntil,
      fromHex(slab.customer),
      SLAB_KINDS.indexOf(slab.kind),
      u64Bytes(slab.sequence),
      slab.sizeBytes,
      slab.roots[meta.row]!,
    )
    addLive(volume, recordBytesOf(record))
  }

  return {
    transaction(body) {
      database.exec('begin immediate')
      try {
        body()
        database.exec('commit')
      } catch (error) {
        if (database.isTransaction) database.exec('rollback')
        throw error
      }
    },
    find,
    rowsOf: (slab) => all('select * from rows where slab = ? order by row', slab).map(toRow),
    apply(volume, record) {
      applyRecord(volume, record)
      run('update volumes set indexed_to = ? where volume = ?', record.offset + recordBytesOf(record), volume)
    },
    list(customer, kind, after, limit) {
      const found = all(
        `select slab, row, sequence, size_bytes from rows where released = 0 and customer = ? and kind = ? and (sequence, slab, row) > (?, ?, ?)
         order by sequence, slab, row limit ?`,
        fromHex(customer),
        SLAB_KINDS.indexOf(kind),
        after === undefined ? new Uint8Array(0) : u64Bytes(after.sequence),
        after?.slab ?? new Uint8Array(0),
        after?.row ?? -1,
        limit,
      )
      return found.map(({ slab, row, sequence, size_bytes }) => ({
        slab,
        row,
        sequence: BigInt(toHex(sequence)),
        sizeBytes: size_bytes,
      }))
    },
    volumes: () =>
      prepare('select * from volumes order by volume')
        .all()
        .map((found) => ({
          volume: Number(found.volume),
          indexedTo: Number(found.indexed_to),
          liveBytes: Number(found.live_bytes),
          isRemoved: found.removed === 1,
        })),
    addVolume: (volume) =>
      void run('insert or ignore into volumes (volume, indexed_to, live_bytes) values (?, 0, 0)', volume),
    markRemoved: (volume) => void run('update volumes set removed = 1 where volume = ?', volume),
    forgetVolume: (volume) => void run('delete from volumes where volume = ?', volume),
    rowsIn: (volume) => all('select * from rows where volume = ? order by offset', volume).map(toRow),
    collectable: (nowSeconds, limit) =>
      all(
        `select * from rows where (kept_until < ? or released = 1) and not exists
         (select 1 from bundle_rows b where b.slab = rows.slab and b.row = rows.row) limit ?`,
        nowSeconds,
        limit,
      ).map(toRow),
    addBundle({ rail, piece, rows }) {
      run('insert or ignore into bundles values (?, ?)', String(rail), piece)
      for (const { slab, row } of rows) {
        run('insert or ignore into bundle_rows values (?, ?, ?, ?)', slab, row, String(rail), piece)
      }
    },
    dropBundle(rail, piece) {
      run('delete from bundle_rows where rail = ? and piece = ?', String(rail), piece)
      run('delete from bundles where rail = ? and piece = ?', String(rail), piece)
    },
    bundles: () =>
      prepare('select rail, piece from bundles order by rail, piece')
        .all()
        .map(({ rail, piece }) => ({ rail: BigInt(String(rail)), piece: Number(piece) })),
    totals() {
      const found = prepare(
        `select (select count(*) from rows) as rows, (select coalesce(sum(data_bytes), 0) from rows) as row_bytes,
         (select coalesce(sum(indexed_to), 0) from volumes) as used_bytes`,
      ).get()!
      return {
        rows: Number(found.rows),
        rowBytes: Number(found.row_bytes),
        usedBytes: Number(found.used_bytes),
      }
    },
    usedBytes: () => Number(prepare('select coalesce(sum(indexed_to), 0) as used from volumes').get()!.used),
    close: () => database.close(),
  }
}

interface RowColumns {
  readonly slab: Uint8Array
  readonly row: number
  readonly volume: number
  readonly offset: number
  readonly meta_bytes: number
  readonly data_bytes: number
  readonly kept_until: number
  readonly released: number
  readonly customer: Uint8Array
  readonly sequence: Uint8Array
  readonly size_bytes: number
  readonly root: Uint8Array
}

const toRow = (found: RowColumns): IndexedRow => ({
  slab: found.slab,
  row: found.row,
  volume: found.volume,
  offset: found.offset,
  metaBytes: found.meta_bytes,
  dataBytes: found.data_bytes,
  keptUntil: found.kept_until,
  isReleased: found.released === 1,
  customer: toHex(found.customer),
  root: found.root,
})
