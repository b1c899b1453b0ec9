import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Hex } from '@cairn/protocol'

/** Between whom reads are paid. */
export interface EgressAccount {
  readonly payer: Hex
  readonly seller: Hex
}

/** What was asked of sellers, over restarts: never too little. Contracts pay the lesser of both sides' meters. */
export interface EgressBook {
  /** @param price credits for 2⁴⁰ bytes */
  add(account: EgressAccount, bytes: number, price: bigint): void
  /** It is at least so much: credits. */
  raise(account: EgressAccount, credits: bigint): void
  /** All told, credits. */
  credits(account: EgressAccount): bigint
  close(): void
}

/** Remainders of prices are kept in 2^-40 credits, as operators keep them. */
const unit = 2n ** 40n
/** Reads are written down so many bytes at a time, ahead of them. */
const aheadBytes = 2n ** 22n

/** Opens the book in a folder. */
export function openEgressBook(folder: string): EgressBook {
  mkdirSync(folder, { recursive: true })
  const db = new DatabaseSync(join(folder, 'egress.sqlite'))
  db.exec('pragma journal_mode = wal; pragma synchronous = full')
  db.exec(
    'create table if not exists egress (payer text not null, seller text not null, units text not null, primary key (payer, seller)) without rowid',
  )
  const read = db.prepare('select units from egress where payer = ? and seller = ?')
  const write = db.prepare('insert or replace into egress (payer, seller, units) values (?, ?, ?)')
  const open = new Map<string, EgressAccount & { units: bigint; written: bigint }>()
  const entryOf = (account: EgressAccount) => {
    const key = `${account.payer}${account.seller}`
    const found = open.get(key)
    if (found !== undefined) return found
    const kept = read.get(account.payer, account.seller)
    const units = kept === undefined ? 0n : BigInt(String(kept.units))
    const entry = { ...account, units, written: units }
    open.set(key, entry)
    return entry
  }
  const grow = (account: EgressAccount, units: bigint, ahead: bigint) => {
    const entry = entryOf(account)
    entry.units = units > entry.units ? units : entry.units
    if (entry.units <= entry.written) return
    entry.written = entry.units + ahead
    write.run(entry.payer, entry.seller, `${entry.written}`)
  }
  return {
    add: (account, bytes, price) =>
      grow(account, entryOf(account).units + BigInt(bytes) * price, aheadBytes * price),
    raise: (account, credits) => grow(account, credits * unit, 0n),
    credits: (account) => entryOf(account).units / unit,
    close() {
      for (const { payer, seller, units } of open.values()) write.run(payer, seller, `${units}`)
      db.close()
    },
  }
}
