import type { IncomingMessage } from 'node:http'
import { equalBytes, type Hex, type NetworkId, toHex } from '@cairn/protocol'
import { type DeviceSigner, sha256 } from '@cairn/runtime'
import { MAX_BUNDLE_LIST_BYTES } from '../../bundle/bundle-list.ts'
import { derivePieceIndex } from '../../piece/piece-hasher.ts'
import { type AgreedBundle, parseAgreedBundle } from '../../wire/bundle-agreement.ts'
import { MAX_ROW_BODY_BYTES, parseRowBody } from '../../wire/row-body.ts'
import { deriveReceiptMessage, encodeRowReceipt } from '../../wire/row-receipt.ts'
import { parseSignedSum, serializeSignedSum } from '../../wire/signed-sums.ts'
import { parseDescriptor } from '../../wire/slab-descriptor.ts'
import { encodeHolding, encodeListing, MAX_LISTED_SLABS } from '../../wire/slab-listing.ts'
import type { OrderAction, StorageOrder } from '../../wire/storage-order.ts'
import type { RowStore } from '../store/open-row-store.ts'
import { noRow } from '../store/store-error.ts'
import type { CheckOrder } from './check-order.ts'
import type { Accounts } from './open-accounts.ts'
import type { OperatorChain, RailFacts, ReadTerms } from './operator-chain.ts'
import type { Route } from './parse-route.ts'
import { readBody } from './read-body.ts'
import { ServerError } from './server-error.ts'
import type { TokenBucket } from './token-bucket.ts'

/** What is answered. */
export interface ApiReply {
  readonly status: number
  readonly body?: Uint8Array | string
  readonly headers?: Readonly<Record<string, string>>
}

/** What the API is made of. */
export interface OperatorApiOptions {
  readonly network: NetworkId
  readonly device: number
  readonly signer: DeviceSigner
  readonly store: RowStore
  readonly chain: OperatorChain
  readonly accounts: Accounts
  readonly checkOrder: CheckOrder
  readonly nowSeconds: () => number
  /** How long a row is kept that is in no bundle. */
  readonly keptSeconds: number
  /** Bytes that may be read before they are acknowledged. */
  readonly allowanceBytes: number
  readonly ingress: TokenBucket
  readonly egress: TokenBucket
}

/** Answers a request whose route is known. @throws what `toErrorReply` makes an answer of */
export type OperatorApi = (route: Route, request: IncomingMessage) => Promise<ApiReply>

/** The API of spec 10, "Orders and receipts". */
export function createOperatorApi(options: OperatorApiOptions): OperatorApi {
  const { network, device, signer, store, chain, accounts, nowSeconds, ingress } = options
  const orderOf = (request: IncomingMessage, action: OrderAction) =>
    options.checkOrder(request.headers.authorization, action)

  const requireRail = async (customer: Hex): Promise<RailFacts> => {
    const rail = await chain.findRail(customer)
    if (rail !== undefined) return rail
    throw new ServerError({
      status: 402,
      code: 'no_rail',
      message: `No running rail from ${customer} to device ${device} is known here.`,
      fix: 'Open a rail to this device and put credits into it, or wait until the operator has seen it.',
      field: 'customer',
      value: customer,
    })
  }

  /** For what is to be kept: through the notice of a rail everything is read and proven, and nothing added. */
  const requireRunning = async (customer: Hex): Promise<RailFacts> => {
    const rail = await requireRail(customer)
    if (rail.isEnding !== true) return rail
    throw new ServerError({
      status: 402,
      code: 'rail_ended',
      message: `Rail ${rail.rail} from ${customer} to device ${device} was ended; what is here is kept until its last period is over.`,
      fix: 'Put the row with another operator, and move what is here while it can be read.',
      field: 'rail',
      value: String(rail.rail),
    })
  }

  /** On whose account a reader reads. */
  const requireReader = async (reader: Hex, customer: Hex) => {
    const terms = reader === customer ? await requireRail(customer) : await chain.findRepair(reader, customer)
    if (terms !== undefined) return terms
    throw forbidden(`${reader} is neither the customer of this slab nor repairs a rail of it.`)
  }

  const requireAllowance = ({ payer, egressPrice }: ReadTerms, bytes: number) => {
    const owed = accounts.owed(payer)
    const most = (BigInt(options.allowanceBytes) * egressPrice) / 2n ** 40n
    if (egressPrice === 0n || owed <= 0n || owed + (BigInt(bytes) * egressPrice) / 2n ** 40n <= most) return
    throw new ServerError({
      status: 402,
      code: 'payment_due',
      message: `${payer} owes ${owed} credits for what was read, and may owe ${most}.`,
      fix: 'Send a voucher for all that was read so far to /vouchers.',
      field: 'owed',
      value: String(owed),
    })
  }

  const putRow = async (
    { slab, row }: { slab: Uint8Array; row: number },
    request: IncomingMessage,
  ): Promise<ApiReply> => {
    const order = await orderOf(request, 'write')
    await requireRunning(order.customer)
    const body = await readBody(request, MAX_ROW_BODY_BYTES, ingress)
    const { slab: described, descriptor, bytes } = parseRowBody(body)
    if (!equalBytes(sha256(descriptor), slab)) throw wrongRow('The descriptor is not that of the slab id.')
    if (described.customer !== order.customer)
      throw forbidden('The slab is of another customer than the order.')
    if (row >= described.rows) throw wrongRow(`The slab has ${described.rows} rows.`)
    const piece = derivePieceIndex(bytes)
    if (!equalBytes(piece.root, described.roots[row]!))
      throw wrongRow('The row is not what its piece commitment says.')
    accounts.use(order, bytes.length)
    const keptUntil = await store.put({
      slab,
      row,
      descriptor,
      bytes,
      nodes: piece.nodes,
      keptUntil: nowSeconds() + options.keptSeconds,
    })
    const signature = signer.sign(deriveReceiptMessage({ network, device, slab, row, keptUntil }))
    return { status: 201, body: encodeRowReceipt({ keptUntil, signature }) }
  }

  const readRow = async (
    { slab, row }: { slab: Uint8Array; row: number },
    request: IncomingMessage,
  ): Promise<ApiReply> => {
    const order = await orderOf(request, 'read')
    const found = store.find(slab, row)
    if (found === undefined) throw noRow(toHex(slab), row)
    const terms = await requireReader(order.customer, found.customer as Hex)
    const range = parseRange(request.headers.range, found.dataBytes)
    const { from, to } = range ?? { from: 0, to: found.dataBytes }
    requireAllowance(terms, to - from)
    accounts.use(order, to - from)
    const body = await store.read(slab, row, from, to)
    accounts.serve(terms.payer, body.length, terms.egressPrice)
    await options.egress.take(body.length)
    const headers: Record<string, string> = { 'content-type': 'application/octet-stream' }
    if (range !== undefined) headers['content-range'] = `bytes ${from}-${to - 1}/${found.dataBytes}`
    return { status: range === undefined ? 200 : 206, body, headers }
  }

  const requireOwn = async (order: StorageOrder, slab: Uint8Array): Promise<Uint8Array> => {
    const descriptor = await store.readDescriptor(slab)
    await requireReader(order.customer, parseDescriptor(descriptor).customer)
    return descriptor
  }

  // One after another: a piece of a rail is one bundle, whoever asks at the same time.
  let line: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(body: () => Promise<T>): Promise<T> => {
    const done = line.then(body)
    line = done.catch(() => {})
    return done
  }
  const putBundle = async (bundle: AgreedBundle): Promise<ApiReply> => {
    const refusal = await chain.verifyBundle(bundle)
    if (refusal !== undefined) throw conflict('bundle_refused', refusal)
    await store.addBundle(bundle.list)
    await chain.submitBundle(bundle)
    return { status: 202 }
  }

  return async (route, request) => {
    switch (route.name) {
      case 'info': {
        const { freeBytes, rowBytes } = await store.usage()
        return json({ network, device, freeBytes, slabBytes: rowBytes })
      }
      case 'putRow':
        return putRow(route, request)
      case 'readRow':
        return readRow(route, request)
      case 'readSlab': {
        const descriptor = await requireOwn(await orderOf(request, 'read'), route.slab)
        const rows = store.rowsOf(route.slab).map(({ row }) => row)
        return { status: 200, body: encodeHolding({ descriptor, rows }) }
      }
      case 'deleteRow': {
        const order = await orderOf(request, 'delete')
        const found = store.find(route.slab, route.row)
        if (found !== undefined && found.customer !== order.customer)
          throw forbidden('The slab is of another customer.')
        await store.release(route.slab, route.row)
        return { status: 204 }
      }
      case 'list': {
        const reader = (await orderOf(request, 'list')).customer
        const customer = route.customer ?? reader
        await requireReader(reader, customer)
        return {
          status: 200,
          body: encodeListing(store.list(customer, route.kind, route.after, MAX_LISTED_SLABS)),
        }
      }
      case 'putBundle': {
        const order = await orderOf(request, 'write')
        const rail = await requireRunning(order.customer)
        const bundle = parseAgreedBundle(await readBody(request, 65 + MAX_BUNDLE_LIST_BYTES, ingress))
        if (bundle.list.rail !== rail.rail)
          throw forbidden(`The bundle is of rail ${bundle.list.rail}, not of ${rail.rail}.`)
        return inTurn(() => putBundle(bundle))
      }
      case 'putVoucher': {
        await orderOf(request, 'read')
        const voucher = parseSignedSum('cumulative', (await readBody(request, 4_096, ingress)).toString())
        const refusal = await chain.verifyVoucher(voucher)
        if (refusal !== undefined) throw conflict('voucher_refused', refusal)
        accounts.acknowledge(voucher)
        return json(serializeSignedSum('metered', await chain.signMeter(voucher)))
      }
    }
  }
}

/** One range, from a first byte; undefined for none. @throws ServerError `range_not_satisfiable` */
const parseRange = (header: string | undefined, sizeBytes: number) => {
  if (header === undefined) return undefined
  const match = /^bytes=(\d{1,9})-(\d{0,9})$/.exec(header)
  const from = Number(match?.[1])
  const to = match?.[2] === '' ? sizeBytes : Math.min(Number(match?.[2]) + 1, sizeBytes)
  if (match !== null && from < to) return { from, to }
  throw new ServerError({
    status: 416,
    code: 'range_not_satisfiable',
    message: `The range ${header.slice(0, 60)} is none of a row of ${sizeBytes} bytes.`,
    fix: 'Ask for bytes=first-last within the row.',
    field: 'range',
  })
}

const json = (value: unknown): ApiReply => ({
  status: 200,
  body: typeof value === 'string' ? value : JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
})

const forbidden = (message: string): ServerError =>
  new ServerError({
    status: 403,
    code: 'not_yours',
    message,
    fix: 'Sign the order with the key of the customer of the slab.',
  })

const wrongRow = (message: string): ServerError =>
  new ServerError({
    status: 400,
    code: 'wrong_row',
    message,
    fix: 'Send the descriptor whose SHA-256 is the id, and the row as it was coded.',
  })

const conflict = (code: string, message: string): ServerError =>
  new ServerError({ status: 409, code, message, fix: 'Read the chain again, and sign what it says is next.' })
