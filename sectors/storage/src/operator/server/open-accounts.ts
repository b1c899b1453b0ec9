import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Hex } from '@cairn/protocol'
import { parseSignedSum, type SignedSum, serializeSignedSum } from '../../wire/signed-sums.ts'
import type { StorageOrder } from '../../wire/storage-order.ts'
import { ServerError } from './server-error.ts'

/** What a payer had, and said so. */
export interface EgressAccount {
  readonly payer: Hex
  readonly servedBytes: number
  /** Credits, all told. */
  readonly servedCredits: bigint
  readonly acknowledgedCredits: bigint
}

/** Counts what orders used and what payers owe, over restarts: of orders never too little, of debts never too much. */
export interface Accounts {
  /** Takes bytes out of an order. @throws ServerError `order_used_up` */
  use(order: StorageOrder, bytes: number): void
  /** Adds what was read. */
  serve(payer: Hex, bytes: number, price: bigint): void
  /** Credits that a payer owes, and may owe at that price. */
  owed(payer: Hex): bigint
  /** The largest voucher of a payer counts. */
  acknowledge(voucher: SignedSum): void
  /** The best voucher of each payer: what can be redeemed. */
  vouchers(): readonly SignedSum[]
  accounts(): readonly EgressAccount[]
  /** Forgets orders that are over. */
  forget(nowSeconds: number): void
  close(): void
}

const schema = `
  create table if not exists orders (
    customer text not null, serial text not null, used integer not null, expires_at integer not null, primary key (customer, serial)) without rowid;
  create table if not exists payers (
    payer text primary key, served_bytes integer not null, served_credits text not null, acknowledged text not null, voucher text) without rowid;
`

/** An order's bytes are written down so many at a time, ahead of their use. */
const reserveStep = 64 * 2 ** 20
/** What was served is written down when it has become so much more. */
const writeStep = 4 * 2 ** 20

/** Remainders of prices are kept in 2^-40 credits, so that many small reads cost what one large one does. */
const unit = 2n ** 40n

/** Opens the books in a folder. */
export function openAccounts(folder: string): Accounts {
  const database = new DatabaseSync(join(folder, 'accounts.sqlite'))
  database.exec('pragma journal_mode = wal; pragma synchronous = full')
  database.exec(schema)
  const orders = new Map<string, { used: number; reserved: number; expiresAt: number }>()
  for (const found of database.prepare('select * from orders').all()) {
    const used = Number(found.used)
    orders.set(`${found.customer}${found.serial}`, {
      used,
      reserved: used,
      expiresAt: Number(found.expires_at),
    })
  }
  const payers = new Map<Hex, Payer>()
  for (const found of database.prepare('select * from payers').all()) {
    payers.set(String(found.payer) as Hex, {
      bytes: Number(found.served_bytes),
      units: BigInt(String(found.served_credits)),
      acknowledged: BigInt(String(found.acknowledged)),
      voucher: found.voucher === null ? undefined : parseSignedSum('cumulative', String(found.voucher)),
      unwritten: 0,
    })
  }
  const keepOrder = database.prepare('insert or replace into orders values (?, ?, ?, ?)')
  const keepPayer = database.prepare('insert or replace into payers values (?, ?, ?, ?, ?)')
  const dropOrder = database.prepare('delete from orders where expires_at <= ?')
  const payerOf = (payer: Hex): Payer => {
    const found = payers.get(payer) ?? {
      bytes: 0,
      units: 0n,
      acknowledged: 0n,
      voucher: undefined,
      unwritten: 0,
    }
    payers.set(payer, found)
    return found
  }
  const write = (payer: Hex, account: Payer) => {
    account.unwritten = 0
    const voucher = account.voucher === undefined ? null : serializeSignedSum('cumulative', account.voucher)
    keepPayer.run(payer, account.bytes, `${account.units}`, `${account.acknowledged}`, voucher)
  }

  return {
    use({ customer, serial, maxBytes, expiresAt }, bytes) {
      const key = `${customer}${serial}`
      const order = orders.get(key) ?? { used: 0, reserved: 0, expiresAt }
      if (order.used + bytes > maxBytes) throw usedUp(order.used, maxBytes)
      order.used += bytes
      orders.set(key, order)
      if (order.used <= order.reserved && order.reserved > 0) return
      order.reserved = Math.min(maxBytes, order.used + reserveStep)
      keepOrder.run(customer, serial, order.reserved, expiresAt)
    },
    serve(payer, bytes, price) {
      const account = payerOf(payer)
      account.bytes += bytes
      account.units += BigInt(bytes) * price
      account.unwritten += bytes
      if (account.unwritten >= writeStep) write(payer, account)
    },
    owed: (payer) => {
      const account = payers.get(payer)
      return account === undefined ? 0n : account.units / unit - account.acknowledged
    },
    acknowledge(voucher) {
      const account = payerOf(voucher.payer)
      if (voucher.sum <= account.acknowledged) return
      account.acknowledged = voucher.sum
      account.voucher = voucher
      write(voucher.payer, account)
    },
    vouchers: () => [...payers.values()].flatMap(({ voucher }) => voucher ?? []),
    accounts: () =>
      [...payers].map(([payer, account]) => ({
        payer,
        servedBytes: account.bytes,
        servedCredits: account.units / unit,
        acknowledgedCredits: account.acknowledged,
      })),
    forget(nowSeconds) {
      for (const [key, { expiresAt }] of orders) if (expiresAt <= nowSeconds) orders.delete(key)
      dropOrder.run(nowSeconds)
    },
    close() {
      for (const [payer, account] of payers) if (account.unwritten > 0) write(payer, account)
      for (const [key, { used, expiresAt }] of orders)
        keepOrder.run(key.slice(0, 42), key.slice(42), used, expiresAt)
      database.close()
    },
  }
}

interface Payer {
  bytes: number
  /** 2^-40 credits. */
  units: bigint
  acknowledged: bigint
  voucher: SignedSum | undefined
  unwritten: number
}

const usedUp = (used: number, maxBytes: number): ServerError =>
  new ServerError({
    status: 401,
    code: 'order_used_up',
    message: `The order is for ${maxBytes} bytes, of which ${used} are used.`,
    fix: 'Sign another order, with another serial.',
    field: 'maxBytes',
    value: String(maxBytes),
  })
