import { type Query, queryValue } from '../http/parse-query.ts'
import { IpfsError } from './ipfs-error.ts'

/** What a response is: one block, or a CAR of blocks in depth-first order. */
export type ResponseFormat = 'raw' | 'car'

/** What was asked for. */
export interface FormatChoice {
  readonly format: ResponseFormat
  /** Whether a block that occurs again is sent again; undefined: the client did not say. */
  readonly isRepeated: boolean | undefined
  /** Whether the URL alone says it, so that caches need not look at Accept. */
  readonly isInUrl: boolean
}

export const rawType = 'application/vnd.ipld.raw'
export const carType = 'application/vnd.ipld.car'

type Parameters = ReadonlyMap<string, string>

/**
 * Chooses the format: the query's `format` first, then `Accept` by its weights (RFC 9110, section 12.5.1; Trustless Gateway specification of 2026-03-05).
 *
 * @throws IpfsError 400 when nothing says what is wanted, 406 for what this gateway can not make
 */
export function chooseFormat(query: Query, accept: string | undefined): FormatChoice {
  const format = queryValue(query, 'format')
  if (format !== undefined) return fromUrl(format, query, accept ?? '')
  if (accept === undefined)
    throw new IpfsError(
      400,
      'The request says no format. Send ?format=raw or ?format=car, or an Accept header.',
    )
  const found = parseAccept(accept)
    .map(({ type, parameters }) => fromType(type, parameters, query))
    .find((choice) => choice !== undefined)
  if (found !== undefined) return found
  throw notAcceptable(accept)
}

function fromUrl(format: string, query: Query, accept: string): FormatChoice {
  if (format === 'raw') return { format, isRepeated: undefined, isInUrl: true }
  if (format !== 'car') throw notAcceptable(`format=${format}`)
  // The parameters of a CAR may still be those of Accept.
  const parameters = parseAccept(accept).find(({ type }) => type === carType)?.parameters ?? new Map()
  const merged = carParameters(parameters, query)
  if (!isMade(merged)) throw notAcceptable(`format=car with ${describe(merged)}`)
  return { format, isRepeated: repeated(merged), isInUrl: parameters.size === 0 }
}

function fromType(type: string, parameters: Parameters, query: Query): FormatChoice | undefined {
  if (type === rawType) return { format: 'raw', isRepeated: undefined, isInUrl: false }
  if (type !== carType) return undefined
  const merged = carParameters(parameters, query)
  return isMade(merged) ? { format: 'car', isRepeated: repeated(merged), isInUrl: false } : undefined
}

/** `car-version`, `car-order` and `car-dups` of the URL come before the parameters of the media type. */
function carParameters(parameters: Parameters, query: Query): Parameters {
  const given = (name: string) => queryValue(query, `car-${name}`) ?? parameters.get(name)
  return new Map(
    ['version', 'order', 'dups'].flatMap((name) => {
      const value = given(name)
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
}

function isMade(parameters: Parameters): boolean {
  return (
    ['1', undefined].includes(parameters.get('version')) &&
    ['dfs', 'unk', undefined].includes(parameters.get('order')) &&
    ['y', 'n', undefined].includes(parameters.get('dups'))
  )
}

function repeated(parameters: Parameters): boolean | undefined {
  const dups = parameters.get('dups')
  return dups === undefined ? undefined : dups === 'y'
}

interface MediaRange {
  readonly type: string
  readonly parameters: Parameters
  readonly weight: number
}

/** Best first; what has the same weight stays in order. */
function parseAccept(accept: string): readonly MediaRange[] {
  return accept
    .split(',')
    .slice(0, 32)
    .map((item) => {
      const [type = '', ...rest] = item.split(';').map((part) => part.trim().toLowerCase())
      const parameters = new Map(
        rest.map((part) => {
          const [name = '', value = ''] = part.split('=', 2)
          return [name.trim(), value.trim().replace(/^"(.*)"$/, '$1')] as const
        }),
      )
      const weight = Number(parameters.get('q') ?? 1)
      parameters.delete('q')
      return { type, parameters, weight: Number.isFinite(weight) ? weight : 0 }
    })
    .filter(({ weight }) => weight > 0)
    .sort((left, right) => right.weight - left.weight)
}

function describe(parameters: Parameters): string {
  return [...parameters].map(([name, value]) => `${name}=${value}`).join(';')
}

function notAcceptable(asked: string): IpfsError {
  return new IpfsError(
    406,
    `This gateway does not make ${asked.slice(0, 200)}. It makes ${rawType}, and ${carType} with version=1, order=dfs and dups=y or n.`,
  )
}
