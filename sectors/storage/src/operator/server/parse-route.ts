import { fromHex, type Hex, parseHex } from '@cairn/protocol'
import { SLAB_KINDS, type SlabKind } from '../../wire/slab-descriptor.ts'
import { type ListingPlace, parseListingPlace } from '../../wire/slab-listing.ts'

/** What a request is for. */
export type Route =
  | { readonly name: 'info' | 'putBundle' | 'putVoucher' }
  | {
      readonly name: 'list'
      readonly kind: SlabKind
      readonly after: ListingPlace | undefined
      /** Whose slabs; those of whom the order is of, where it is left out. */
      readonly customer: Hex | undefined
    }
  | { readonly name: 'readSlab'; readonly slab: Uint8Array }
  | { readonly name: 'putRow' | 'readRow' | 'deleteRow'; readonly slab: Uint8Array; readonly row: number }

const rowNames = { PUT: 'putRow', GET: 'readRow', DELETE: 'deleteRow' } as const

/** Undefined for a path or method that there is not. @throws HexError for a place in a listing, or a customer, that is none */
export const parseRoute = (method: string, target: string): Route | undefined => {
  const [path, query] = target.split('?', 2)
  if (method === 'GET' && path === '/') return { name: 'info' }
  if (method === 'POST' && path === '/bundles') return { name: 'putBundle' }
  if (method === 'POST' && path === '/vouchers') return { name: 'putVoucher' }
  if (method === 'GET' && path === '/slabs') return parseList(new URLSearchParams(query))
  const match = /^\/slabs\/([0-9a-f]{64})(?:\/(0|[1-9]\d{0,2}))?$/.exec(path!)
  if (match === null) return undefined
  const slab = fromHex(`0x${match[1]}`)
  if (match[2] === undefined) return method === 'GET' ? { name: 'readSlab', slab } : undefined
  const name = rowNames[method as keyof typeof rowNames]
  const row = Number(match[2])
  return name === undefined || row > 254 ? undefined : { name, slab, row }
}

const parseList = (query: URLSearchParams): Route | undefined => {
  const text = query.get('kind') ?? '0'
  const kind = /^\d$/.test(text) ? SLAB_KINDS[Number(text)] : undefined
  const after = query.get('after')
  if (kind === undefined) return undefined
  const customer = query.get('customer')
  return {
    name: 'list',
    kind,
    after: after === null ? undefined : parseListingPlace(after),
    customer: customer === null ? undefined : parseHex(customer, 20, 'customer'),
  }
}
