import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { BundleRow } from '../bundle/bundle-list.ts'
import type { JournalKind } from '../journal/journal-part.ts'
import { type TrackedDatabase, trackChanges } from '../journal/track-changes.ts'
import { type AgreedBundle, encodeAgreedBundle, parseAgreedBundle } from '../wire/bundle-agreement.ts'
import { parseDescriptor, rowHeightOf, type SlabKind } from '../wire/slab-descriptor.ts'
import { openRecordTable, type RecordTable } from './record-table.ts'
import type { PlacedSlab } from './slab-reader.ts'

const schema = `
  create table if not exists contents (id text primary key, header blob not null, size_bytes integer not null, inline blob) without rowid;
  create table if not exists slabs (
    id blob primary key, content text not null, position integer not null, descriptor blob not null, height integer not null,
    unique (content, position)) without rowid;
  create table if not exists slab_rows (
    slab blob not null, row integer not null, device integer not null, rail integer, piece integer, primary key (slab, row)) without rowid;
  create index if not exists loose_rows on slab_rows (device) where rail is null;
  create index if not exists rows_by_piece on slab_rows (rail, piece) where rail is not null;
  create table if not exists pieces (
    rail integer not null, piece integer not null, leaves integer not null, is_kept integer not null default 0, primary key (rail, piece)) without rowid;
  create table if not exists bundles (rail integer not null, piece integer not null, agreed blob not null, primary key (rail, piece)) without rowid;
  create table if not exists row_deletions (
    slab blob not null, row integer not null, device integer not null, primary key (slab, row, device)) without rowid;
`

/** A content that is stored. */
export interface IndexedContent {
  readonly id: string
  /** The content's key, sealed. */
  readonly header: Uint8Array
  /** Before sealing. */
  readonly sizeBytes: number
  /** The sealed content itself, when it is small. */
  readonly inline: Uint8Array | undefined
}

/** A slab of a content, as it enters the index. */
export interface IndexedSlab {
  readonly id: Uint8Array
  readonly descriptor: Uint8Array
  readonly holders: ReadonlyMap<number, number>
}

/** A row that is somewhere it is not needed. */
export interface RowDeletion {
  readonly slab: Uint8Array
  readonly row: number
  readonly device: number
}

/** A slab that is no content: named by what it is, and its number. */
export interface SlabNumber<Kind extends Exclude<SlabKind, 'content'> = Exclude<SlabKind, 'content'>> {
  readonly kind: Kind
  readonly sequence: bigint
}

/** A row in no bundle, and what its slab is. */
export interface LooseRow extends BundleRow {
  readonly kind: SlabKind
}

/** A rail that has taken the place of a lost one. */
export interface Succession {
  readonly lost: { readonly rail: bigint; readonly device: number }
  readonly by: { readonly rail: bigint; readonly device: number }
  /** The lost rail's pieces, by number, as pieces of the other. */
  readonly pieces: ReadonlyMap<number, { readonly piece: number; readonly leaves: number }>
}

/** Which slabs contents are, and which device has which row; durable when a call returns. */
export interface SlabIndex extends RecordTable {
  insert(content: IndexedContent, slabs: readonly IndexedSlab[]): void
  content(id: string): IndexedContent | undefined
  /** In order. */
  slabs(content: string): readonly PlacedSlab[]
  /** All slabs in order of their ids, so many at most, behind one; from the first behind no bytes. */
  slabsAfter(id: Uint8Array, most: number): readonly PlacedSlab[]
  /** @returns false, and enters nothing, when the slab is not there any more */
  setHolders(slab: Uint8Array, holders: ReadonlyMap<number, number>): boolean
  /** Rows that a device says to have: those of slabs that are here, and that nobody is known to have, are taken to be there. */
  adoptRows(device: number, rows: readonly { readonly id: Uint8Array; readonly row: number }[]): void
  /** A device does not have a row any more: it may forget it, and is asked for it no more. */
  loseRow(slab: Uint8Array, row: number, device: number): void
  /** Its rows are to be deleted. */
  remove(content: string): void
  contents(): readonly string[]
  addDeletions(rows: readonly RowDeletion[]): void
  /** Those to do, without rows that are where they should be. */
  deletions(): readonly RowDeletion[]
  deleted(row: RowDeletion): void
  /** A part of an entry of the journal, or the list of a bundle, is these slabs. */
  insertNumbered(number: SlabNumber, part: number, slabs: readonly IndexedSlab[]): void
  hasNumbered(number: SlabNumber): boolean
  journalSlabs(): readonly SlabNumber<JournalKind>[]
  /** The rows of its slabs are to be deleted. */
  removeNumbered(number: SlabNumber): void
  track(): TrackedDatabase
  /** Rows at a device that are in no bundle, so many at most. */
  looseRows(device: number, most: number): readonly LooseRow[]
  /** Whether rows of a bundle of the rail are taken to be at the device. */
  hasRowsOf(rail: bigint, device: number): boolean
  /** Of rows that a device says to have: those of the lost rail are its now, in pieces of another rail. */
  succeed(succession: Succession, rows: readonly { readonly id: Uint8Array; readonly row: number }[]): void
  /** Its rows are loose no more: the operator and the chain are still to be told. */
  addBundle(bundle: AgreedBundle): void
  /** The bundle of a rail that is not known to be on chain. */
  openBundle(rail: bigint): AgreedBundle | undefined
  /** It is on chain with so many leaves; or, where they are undefined, never will be: then its rows are loose again. */
  endBundle(of: { readonly rail: bigint; readonly piece: number; readonly leaves: number | undefined }): void
  /** A rail's pieces on chain behind one, so many at most. */
  piecesAfter(rail: bigint, piece: number, most: number): readonly number[]
  /** Living rows of a piece of which less than half of the leaves live; none of another. */
  sparseRows(rail: bigint, piece: number): readonly BundleRow[]
  /** Pieces of a rail of which nothing lives, so many at most. */
  emptyPieces(rail: bigint, most: number): readonly number[]
  /** A piece was removed. */
  forgetPiece(rail: bigint, piece: number): void
  /** A slab that is here. */
  slab(id: Uint8Array): PlacedSlab | undefined
  /** A row that a device is known to have: the first of a slab at or behind an id, then from the first slab on. */
  rowAt(device: number, id: Uint8Array): { readonly placed: PlacedSlab; readonly row: number } | undefined
  close(): void
}

/** The database's file in the index's folder. */
export const slabIndexPath = (folder: string): string => join(folder, 'slabs.sqlite')

/** Contents have ids of hexadecimal digits, and other slabs these. */
const nameOf = ({ kind, sequence }: SlabNumber): string => `${kind}:${sequence}`

export function openSlabIndex(folder: string): SlabIndex {
  mkdirSync(folder, { recursive: true })
  const path = slabIndexPath(folder)
  const db = new DatabaseSync(path)
  // Full: a content is durable when its rows are and the index knows them.
  db.exec('pragma journal_mode = wal; pragma synchronous = full')
  db.exec(schema)
  const putRow = db.prepare(
    'insert into slab_rows (slab, row, device) values (?, ?, ?) on conflict (slab, row) do update set device = excluded.device, rail = null, piece = null where device <> excluded.device',
  )
  const adoptRow = db.prepare(
    'insert into slab_rows (slab, row, device) select id, ?, ? from slabs where id = ? on conflict do nothing',
  )
  const putDeletion = db.prepare('insert or ignore into row_deletions (slab, row, device) values (?, ?, ?)')
  const transaction = <T>(body: () => T): T => {
    db.exec('begin immediate')
    try {
      const result = body()
      db.exec('commit')
      return result
    } catch (error) {
      if (db.isTransaction) db.exec('rollback')
      throw error
    }
  }
  const holdersOf = (slab: Uint8Array) =>
    new Map(
      db
        .prepare('select row, device from slab_rows where slab = ?')
        .all(slab)
        .map(({ row, device }) => [Number(row), Number(device)]),
    )
  const insertSlabs = (content: string, first: number, slabs: readonly IndexedSlab[]) => {
    const insert = db.prepare(
      'insert into slabs (id, content, position, descriptor, height) values (?, ?, ?, ?, ?)',
    )
    for (const [position, slab] of slabs.entries()) {
      const height = rowHeightOf(parseDescriptor(slab.descriptor))
      insert.run(slab.id, content, first + position, slab.descriptor, height)
      for (const [row, device] of slab.holders) putRow.run(slab.id, row, device)
    }
  }
  const removeSlabs = (content: string) => {
    for (const { id } of db.prepare('select id from slabs where content = ?').all(content)) {
      for (const [row, device] of holdersOf(id as Uint8Array)) putDeletion.run(id!, row, device)
      db.prepare('delete from slab_rows where slab = ?').run(id!)
    }
    db.prepare('delete from slabs where content = ?').run(content)
  }
  const placedOf = ({ id, descriptor }: Record<string, unknown>): PlacedSlab => ({
    id: id as Uint8Array,
    slab: parseDescriptor(new Uint8Array(descriptor as Uint8Array)),
    holders: holdersOf(id as Uint8Array),
  })
  const looseOf = ({ slab, row, descriptor }: Record<string, unknown>): LooseRow => {
    const parsed = parseDescriptor(new Uint8Array(descriptor as Uint8Array))
    const { kind, roots } = parsed
    return {
      ...{ slab: slab as Uint8Array, row: Number(row), kind },
      height: rowHeightOf(parsed),
      root: roots[Number(row)]!,
    }
  }
  const keepPiece = db.prepare('insert or ignore into pieces (rail, piece, leaves) values (?, ?, ?)')
  return {
    insert: ({ id, header, sizeBytes, inline }, slabs) =>
      transaction(() => {
        db.prepare('insert into contents (id, header, size_bytes, inline) values (?, ?, ?, ?)').run(
          id,
          header,
          sizeBytes,
          inline ?? null,
        )
        insertSlabs(id, 0, slabs)
      }),
    insertNumbered: (number, part, slabs) => transaction(() => insertSlabs(nameOf(number), part, slabs)),
    hasNumbered: (number) =>
      db.prepare('select 1 from slabs where content = ?').get(nameOf(number)) !== undefined,
    journalSlabs: () =>
      db
        .prepare(
          "select distinct content from slabs where content like 'journal:%' or content like 'checkpoint:%'",
        )
        .all()
        .map(({ content }) => {
          const [kind, sequence] = String(content).split(':') as [JournalKind, string]
          return { kind, sequence: BigInt(sequence) }
        }),
    removeNumbered: (number) => transaction(() => removeSlabs(nameOf(number))),
    track: () => trackChanges(db, path),
    content(id) {
      const row = db.prepare('select header, size_bytes, inline from contents where id = ?').get(id)
      if (row === undefined) return undefined
      const inline = row.inline === null ? undefined : (row.inline as Uint8Array)
      return { id, header: row.header as Uint8Array, sizeBytes: Number(row.size_bytes), inline }
    },
    slabs: (content) =>
      db
        .prepare('select id, descriptor from slabs where content = ? order by position')
        .all(content)
        .map(placedOf),
    slabsAfter: (id, most) =>
      db
        .prepare('select id, descriptor from slabs where id > ? order by id limit ?')
        .all(id, most)
        .map(placedOf),
    setHolders: (slab, holders) =>
      transaction(() => {
        if (db.prepare('select 1 from slabs where id = ?').get(slab) === undefined) return false
        for (const [row, device] of holders) putRow.run(slab, row, device)
        return true
      }),
    adoptRows: (device, rows) =>
      transaction(() => {
        for (const { id, row } of rows) adoptRow.run(row, device, id)
      }),
    loseRow: (slab, row, device) =>
      transaction(() => {
        const lost = db
          .prepare('delete from slab_rows where slab = ? and row = ? and device = ?')
          .run(slab, row, device)
        if (lost.changes > 0) putDeletion.run(slab, row, device)
      }),
    remove: (content) =>
      transaction(() => {
        removeSlabs(content)
        db.prepare('delete from contents where id = ?').run(content)
      }),
    contents: () =>
      db
        .prepare('select id from contents')
        .all()
        .map(({ id }) => String(id)),
    addDeletions: (rows) =>
      transaction(() => {
        for (const { slab, row, device } of rows) putDeletion.run(slab, row, device)
      }),
    deletions: () =>
      db
        .prepare(
          'select slab, row, device from row_deletions d where not exists (select 1 from slab_rows r where r.slab = d.slab and r.row = d.row and r.device = d.device)',
        )
        .all()
        .map(({ slab, row, device }) => ({
          slab: slab as Uint8Array,
          row: Number(row),
          device: Number(device),
        })),
    deleted: ({ slab, row, device }) =>
      void db
        .prepare('delete from row_deletions where slab = ? and row = ? and device = ?')
        .run(slab, row, device),
    looseRows: (device, most) =>
      db
        .prepare(
          'select r.slab, r.row, s.descriptor from slab_rows r join slabs s on s.id = r.slab where r.device = ? and r.rail is null limit ?',
        )
        .all(device, most)
        .map(looseOf),
    hasRowsOf: (rail, device) =>
      db.prepare('select 1 from slab_rows where rail = ? and device = ? limit 1').get(rail, device) !==
      undefined,
    succeed: ({ lost, by, pieces }, rows) =>
      transaction(() => {
        const find = db.prepare(
          'select piece from slab_rows where slab = ? and row = ? and rail = ? and device = ?',
        )
        const move = db.prepare(
          'update slab_rows set device = ?, rail = ?, piece = ? where slab = ? and row = ?',
        )
        for (const { id, row } of rows) {
          const found = find.get(id, row, lost.rail, lost.device)
          const piece = found === undefined ? undefined : pieces.get(Number(found.piece))
          if (piece !== undefined) move.run(by.device, by.rail, piece.piece, id, row)
        }
        for (const { piece, leaves } of pieces.values()) keepPiece.run(by.rail, piece, leaves)
        db.prepare('delete from pieces where rail = ?').run(lost.rail)
      }),
    addBundle: (bundle) =>
      transaction(() => {
        const { rail, piece, rows } = bundle.list
        db.prepare('insert into bundles (rail, piece, agreed) values (?, ?, ?)').run(
          rail,
          piece,
          encodeAgreedBundle(bundle),
        )
        const take = db.prepare('update slab_rows set rail = ?, piece = ? where slab = ? and row = ?')
        for (const { slab, row } of rows) take.run(rail, piece, slab, row)
      }),
    openBundle(rail) {
      const found = db.prepare('select agreed from bundles where rail = ? order by piece').get(rail)
      return found === undefined ? undefined : parseAgreedBundle(new Uint8Array(found.agreed as Uint8Array))
    },
    endBundle: ({ rail, piece, leaves }) =>
      transaction(() => {
        db.prepare('delete from bundles where rail = ? and piece = ?').run(rail, piece)
        if (leaves !== undefined) return void keepPiece.run(rail, piece, leaves)
        // Rows that it was to take out of other pieces are kept by those alone now.
        const isEmpty = 'not exists (select 1 from slab_rows r where r.rail = p.rail and r.piece = p.piece)'
        db.prepare(`update pieces as p set is_kept = 1 where rail = ? and ${isEmpty}`).run(rail)
        db.prepare('update slab_rows set rail = null, piece = null where rail = ? and piece = ?').run(
          rail,
          piece,
        )
      }),
    piecesAfter: (rail, piece, most) =>
      db
        .prepare('select piece from pieces where rail = ? and piece > ? order by piece limit ?')
        .all(rail, piece, most)
        .map(({ piece: next }) => Number(next)),
    sparseRows(rail, piece) {
      const rows = 'slab_rows r join slabs s on s.id = r.slab where r.rail = ? and r.piece = ?'
      const { leaves } = db
        .prepare('select leaves from pieces where rail = ? and piece = ?')
        .get(rail, piece) ?? { leaves: 0 }
      const { live } = db.prepare(`select sum(1 << s.height) as live from ${rows}`).get(rail, piece)!
      if (2 * Number(live) >= Number(leaves)) return []
      return db.prepare(`select r.slab, r.row, s.descriptor from ${rows}`).all(rail, piece).map(looseOf)
    },
    emptyPieces: (rail, most) =>
      db
        .prepare(
          'select piece from pieces p where rail = ? and is_kept = 0 and not exists (select 1 from slab_rows r where r.rail = p.rail and r.piece = p.piece) order by piece limit ?',
        )
        .all(rail, most)
        .map(({ piece }) => Number(piece)),
    slab(id) {
      const found = db.prepare('select id, descriptor from slabs where id = ?').get(id)
      return found === undefined ? undefined : placedOf(found)
    },
    rowAt(device, id) {
      const find = db.prepare(
        'select r.row, s.id, s.descriptor from slab_rows r join slabs s on s.id = r.slab where r.slab >= ? and r.device = ? order by r.slab limit 1',
      )
      const found = find.get(id, device) ?? find.get(new Uint8Array(0), device)
      return found === undefined ? undefined : { placed: placedOf(found), row: Number(found.row) }
    },
    ...openRecordTable(db),
    forgetPiece: (rail, piece) =>
      void db.prepare('delete from pieces where rail = ? and piece = ?').run(rail, piece),
    close: () => db.close(),
  }
}
