import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'

/** Where the bytes of a block are: in the index itself, or in the version that owns it. */
export type BlockPlace =
  | { readonly owner: number; readonly node: Uint8Array }
  | { readonly owner: number; readonly start: number; readonly end: number }

/** A block of a version: an inner node with its bytes, or a leaf by its place in the version. */
export interface IndexedBlock {
  /** SHA-256, 32 bytes. */
  readonly digest: Uint8Array
  readonly node?: Uint8Array | undefined
  readonly start: number
  readonly end: number
}

/**
 * Where the blocks of public versions are, by digest. Leaves are places in the versions, so nothing is kept twice.
 *
 * A projection: what is public is in the catalogue, and the index of it can be made again from the versions. So it is a database of its own, outside what a
 * gateway keeps safe.
 */
export interface BlockIndex {
  /** Every place of the block in versions whose index is complete. */
  find(digest: Uint8Array): readonly BlockPlace[]
  /** Begins the index of a version; what there was of it is dropped. */
  begin(owner: number): void
  /** Leaves that stand several times in a version are entered once. */
  add(owner: number, blocks: readonly IndexedBlock[]): void
  complete(owner: number, cid: string): void
  /** Whether there is an index of it under this root: a catalogue that was restored may have given its number again. */
  isComplete(owner: number, cid: string): boolean
  drop(owner: number): void
  owners(): readonly number[]
  close(): void
}

const schema = `
  create table if not exists owners (owner integer primary key, cid text);
  create table if not exists blocks (
    digest blob not null, owner integer not null, node blob, first integer not null, after integer not null);
  create unique index if not exists blocks_by_digest on blocks (digest, owner);
  create index if not exists blocks_by_owner on blocks (owner);
`

export async function openBlockIndex(folder: string): Promise<BlockIndex> {
  await mkdir(folder, { recursive: true })
  const database = new DatabaseSync(join(folder, 'blocks.sqlite'))
  database.exec('pragma journal_mode = wal; pragma synchronous = normal')
  database.exec(schema)
  const inTransaction = (body: () => void) => {
    database.exec('begin immediate')
    try {
      body()
      database.exec('commit')
    } catch (error) {
      if (database.isTransaction) database.exec('rollback')
      throw error
    }
  }
  const found = database.prepare(
    'select blocks.owner as owner, node, first, after from blocks join owners on owners.owner = blocks.owner where digest = ? and cid is not null',
  )
  const inserted = database.prepare(
    'insert or ignore into blocks (digest, owner, node, first, after) values (?, ?, ?, ?, ?)',
  )
  const setOwner = database.prepare('insert or replace into owners (owner, cid) values (?, ?)')
  const owner = database.prepare('select cid from owners where owner = ?')
  const drop = (id: number) => {
    database.prepare('delete from blocks where owner = ?').run(id)
    database.prepare('delete from owners where owner = ?').run(id)
  }
  return {
    find: (digest) => found.all(digest).map(toPlace),
    begin: (id) =>
      inTransaction(() => {
        drop(id)
        setOwner.run(id, null)
      }),
    add: (id, blocks) =>
      inTransaction(() => {
        for (const { digest, node, start, end } of blocks) inserted.run(digest, id, node ?? null, start, end)
      }),
    complete: (id, cid) => void setOwner.run(id, cid),
    isComplete: (id, cid) => owner.get(id)?.cid === cid,
    drop: (id) => inTransaction(() => drop(id)),
    owners: () =>
      database
        .prepare('select owner from owners')
        .all()
        .map((row) => Number(row.owner)),
    close: () => database.close(),
  }
}

function toPlace(row: Record<string, SQLOutputValue>): BlockPlace {
  const owner = Number(row.owner)
  if (row.node !== null) return { owner, node: row.node as Uint8Array }
  return { owner, start: Number(row.first), end: Number(row.after) }
}
