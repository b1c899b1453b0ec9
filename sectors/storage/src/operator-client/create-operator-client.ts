import {
  type DeviceKey,
  equalBytes,
  type Hex,
  type NetworkId,
  parseNetworkId,
  type Sha256,
  toHex,
  type VerifyP256,
} from '@cairn/protocol'
import { type AgreedBundle, encodeAgreedBundle } from '../wire/bundle-agreement.ts'
import { encodeRowHead } from '../wire/row-body.ts'
import { parseRowReceipt, ROW_RECEIPT_BYTES, type RowReceipt, verifyRowReceipt } from '../wire/row-receipt.ts'
import { parseSignedSum, type SignedSum, serializeSignedSum } from '../wire/signed-sums.ts'
import { MAX_DESCRIPTOR_BYTES, MAX_ROW_BYTES, SLAB_KINDS, type SlabKind } from '../wire/slab-descriptor.ts'
import {
  formatListingPlace,
  LISTED_SLAB_BYTES,
  type ListedSlab,
  type ListingPlace,
  MAX_LISTED_SLABS,
  parseHolding,
  parseListing,
  type SlabHolding,
} from '../wire/slab-listing.ts'
import type { OrderSource } from './create-order-source.ts'
import { createExchange, type ExchangeReply, type ExchangeRequest } from './exchange.ts'
import { OperatorClientError } from './operator-client-error.ts'

/** What an operator says of itself. */
export interface OperatorInfo {
  readonly network: NetworkId
  readonly device: number
  readonly freeBytes: number
  readonly slabBytes: number
}

/** A row on its way to its holder. */
export interface RowUpload {
  /** 32 bytes. */
  readonly slab: Uint8Array
  readonly row: number
  readonly descriptor: Uint8Array
  readonly bytes: Uint8Array
}

/** Bytes of a row: all, or from a first byte up to before another. */
export interface RowRange {
  readonly slab: Uint8Array
  readonly row: number
  readonly from?: number
  readonly to?: number
  /** The row's length, where `to` is left out: what the order is charged. */
  readonly rowBytes: number
}

/** How long a call may go on beside the client's own limit. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

/** The API of one operator, typed. All calls throw OperatorClientError, or the signal's reason. */
export interface OperatorClient {
  fetchInfo(options?: CallOptions): Promise<OperatorInfo>
  /** Puts a row and has its receipt, which is verified. Again it changes nothing. @throws OperatorClientError `wrong_receipt` */
  putRow(upload: RowUpload, options?: CallOptions): Promise<RowReceipt>
  /** What comes is not checked: seals and piece commitments are for who reads. @throws OperatorClientError `malformed_reply` for another length */
  fetchRow(range: RowRange, options?: CallOptions): Promise<Uint8Array>
  /** Its descriptor is that of the id. @throws OperatorClientError `wrong_slab` */
  fetchSlab(slab: Uint8Array, options?: CallOptions): Promise<SlabHolding>
  deleteRow(slab: Uint8Array, row: number, options?: CallOptions): Promise<void>
  /** A page of what is held of a customer, the order's where none is named; a short one is the last. */
  listSlabs(
    page: { readonly kind: SlabKind; readonly after?: ListingPlace; readonly customer?: Hex | undefined },
    options?: CallOptions,
  ): Promise<readonly ListedSlab[]>
  submitBundle(bundle: AgreedBundle, options?: CallOptions): Promise<void>
  /** Gives a voucher and gets the operator's meter over the same sum. */
  exchangeVoucher(voucher: SignedSum, options?: CallOptions): Promise<SignedSum>
  close(): void
}

/** Where the operator is, who its device is, and what this client may. */
export interface OperatorClientOptions {
  readonly url: string
  readonly network: NetworkId
  readonly device: number
  readonly key: DeviceKey
  readonly orders: OrderSource
  readonly verifyP256: VerifyP256
  readonly sha256: Sha256
  /** For one call, ms. */
  readonly timeoutMs?: number
  readonly maxSockets?: number
}

/** Opens no socket before the first call. */
export function createOperatorClient(options: OperatorClientOptions): OperatorClient {
  const { url, network, device, key, orders, verifyP256, sha256 } = options
  const exchange = createExchange({
    url,
    timeoutMs: options.timeoutMs ?? 30_000,
    maxSockets: options.maxSockets ?? 32,
  })
  const ask = async (request: ExchangeRequest, expected: number): Promise<ExchangeReply> => {
    const reply = await exchange.send(request)
    if (reply.status === expected) return reply
    throw refused(url, reply)
  }
  const path = (slab: Uint8Array, row: number) => `/slabs/${toHex(slab).slice(2)}/${row}`

  return {
    async fetchInfo({ signal } = {}) {
      const { body } = await ask({ method: 'GET', path: '/', maxBytes: 4_096, signal }, 200)
      return parseInfo(body)
    },
    async putRow({ slab, row, descriptor, bytes }, { signal } = {}) {
      const authorization = await orders('write', bytes.length)
      const { body } = await ask(
        {
          method: 'PUT',
          path: path(slab, row),
          headers: { authorization },
          body: [encodeRowHead(descriptor), bytes],
          maxBytes: ROW_RECEIPT_BYTES,
          signal,
        },
        201,
      )
      const receipt = parseReply(() => parseRowReceipt(body))
      if (verifyRowReceipt(verifyP256, key, { network, device, slab, row }, receipt)) return receipt
      throw wrong(
        'wrong_receipt',
        `gave a receipt that the key of its device ${device} did not sign for this row`,
      )
    },
    async fetchRow({ slab, row, from = 0, to, rowBytes }, { signal } = {}) {
      const length = (to ?? rowBytes) - from
      const authorization = await orders('read', length)
      const isWhole = from === 0 && length === rowBytes
      const headers = { authorization, ...(isWhole ? {} : { range: `bytes=${from}-${from + length - 1}` }) }
      const request: ExchangeRequest = {
        method: 'GET',
        path: path(slab, row),
        headers,
        maxBytes: MAX_ROW_BYTES,
        signal,
      }
      const { body } = await ask(request, isWhole ? 200 : 206)
      if (body.length === length) return body
      throw wrong('malformed_reply', `sent ${body.length} bytes of a row where ${length} were asked for`)
    },
    async fetchSlab(slab, { signal } = {}) {
      const authorization = await orders('read', 0)
      const { body } = await ask(
        {
          method: 'GET',
          path: `/slabs/${toHex(slab).slice(2)}`,
          headers: { authorization },
          maxBytes: MAX_DESCRIPTOR_BYTES + 256,
          signal,
        },
        200,
      )
      const holding = parseReply(() => parseHolding(body))
      if (equalBytes(sha256(holding.descriptor), slab)) return holding
      throw wrong('wrong_slab', 'sent the descriptor of another slab')
    },
    async deleteRow(slab, row, { signal } = {}) {
      const authorization = await orders('delete', 0)
      await ask(
        { method: 'DELETE', path: path(slab, row), headers: { authorization }, maxBytes: 0, signal },
        204,
      )
    },
    async listSlabs({ kind, after, customer }, { signal } = {}) {
      const authorization = await orders('list', 0)
      const place = after === undefined ? '' : `&after=${formatListingPlace(after)}`
      const whose = customer === undefined ? '' : `&customer=${customer}`
      const { body } = await ask(
        {
          method: 'GET',
          path: `/slabs?kind=${SLAB_KINDS.indexOf(kind)}${place}${whose}`,
          headers: { authorization },
          maxBytes: MAX_LISTED_SLABS * LISTED_SLAB_BYTES,
          signal,
        },
        200,
      )
      return parseReply(() => parseListing(body))
    },
    async submitBundle(bundle, { signal } = {}) {
      const authorization = await orders('write', 0)
      const body = [encodeAgreedBundle(bundle)]
      await ask(
        { method: 'POST', path: '/bundles', headers: { authorization }, body, maxBytes: 4_096, signal },
        202,
      )
    },
    async exchangeVoucher(voucher, { signal } = {}) {
      const authorization = await orders('read', 0)
      const body = [Buffer.from(serializeSignedSum('cumulative', voucher))]
      const headers = { authorization, 'content-type': 'application/json' }
      const reply = await ask(
        { method: 'POST', path: '/vouchers', headers, body, maxBytes: 4_096, signal },
        200,
      )
      return parseReply(() => parseSignedSum('metered', reply.body.toString()))
    },
    close: () => exchange.close(),
  }

  function wrong(
    code: 'wrong_receipt' | 'wrong_slab' | 'malformed_reply',
    what: string,
  ): OperatorClientError {
    return new OperatorClientError({
      code,
      message: `The operator at ${url} ${what}.`,
      fix: 'Take another operator; this one does not keep to the API.',
      field: 'url',
      value: url,
    })
  }
}

function parseInfo(body: Buffer): OperatorInfo {
  return parseReply(() => {
    const { network, device, freeBytes, slabBytes } = JSON.parse(body.toString()) as Record<string, unknown>
    for (const number of [device, freeBytes, slabBytes]) {
      if (!Number.isSafeInteger(number) || (number as number) < 0)
        throw new TypeError(`${String(number)} is no size.`)
    }
    return {
      network: parseNetworkId(network),
      device: device as number,
      freeBytes: freeBytes as number,
      slabBytes: slabBytes as number,
    }
  })
}

function parseReply<T>(parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    throw new OperatorClientError({
      code: 'malformed_reply',
      message: `The operator's answer can not be read: ${(cause as Error).message.split('\n')[0]}`,
      fix: 'Take another operator; this one does not keep to the API.',
      cause,
    })
  }
}

/** The operator's own words, as far as they are of the form of errors. */
function refused(url: string, { status, body }: ExchangeReply): OperatorClientError {
  const told = toTold(body)
  const code =
    typeof told.code === 'string' && /^[a-z_]{1,64}$/.test(told.code) ? told.code : 'malformed_reply'
  const words = (value: unknown, otherwise: string) =>
    typeof value === 'string' && value !== '' ? value.slice(0, 400) : otherwise
  return new OperatorClientError({
    code,
    status,
    message: `The operator at ${url} answered ${status}: ${words(told.message, 'it gave no reason.')}`,
    fix: words(told.fix, 'Take another operator, or ask again later.'),
    field: 'url',
    value: url,
  })
}

function toTold(body: Buffer): {
  readonly code?: unknown
  readonly message?: unknown
  readonly fix?: unknown
} {
  try {
    const told: unknown = JSON.parse(body.toString())
    return typeof told === 'object' && told !== null ? told : {}
  } catch {
    return {}
  }
}
