import { CID } from 'multiformats/cid'
import type { Incoming } from '../http/incoming.ts'
import { queryValue } from '../http/parse-query.ts'
import { type EntityBytes, parseEntityBytes } from './entity-bytes.ts'
import { IpfsError } from './ipfs-error.ts'
import { chooseFormat, type FormatChoice } from './response-format.ts'

/** How much of the DAG below the end of the path is in a CAR. */
export type DagScope = 'block' | 'entity' | 'all'

/** What a request for public data asks for. */
export interface IpfsRequest extends FormatChoice {
  readonly cid: CID
  /** The CID as it was written. */
  readonly cidText: string
  readonly segments: readonly string[]
  readonly scope: DagScope
  readonly entityBytes: EntityBytes | undefined
  /** What the file should be called; undefined: after the CID. */
  readonly filename: string | undefined
}

const mostSegments = 64
const mostCidChars = 128

/** Parses path, query and Accept. @throws IpfsError 400, 404, 406 */
export function parseIpfsRequest({ path, query, headers }: Incoming): IpfsRequest {
  const [cidText = '', ...rest] = requireIpfs(path).split('/')
  const cid = parseCid(cidText)
  const segments = rest.filter((segment) => segment !== '')
  if (segments.length > mostSegments || segments.some((segment) => segment === '.' || segment === '..'))
    throw new IpfsError(
      400,
      `The path below the CID has ${segments.length} parts. At most ${mostSegments} are followed, none of which may be . or ..`,
    )
  const choice = chooseFormat(query, headers.accept)
  if (choice.format === 'raw' && segments.length > 0)
    throw new IpfsError(400, 'A block is asked for by its CID alone, without a path. Ask for a CAR.')
  const bytesText = queryValue(query, 'entity-bytes')
  const entityBytes = bytesText === undefined ? undefined : parseEntityBytes(bytesText)
  const asked = queryValue(query, 'dag-scope')
  if (asked !== undefined && asked !== 'block' && asked !== 'entity' && asked !== 'all')
    throw new IpfsError(400, `dag-scope is ${asked.slice(0, 64)}. It has to be block, entity or all.`)
  // A range is of an entity, whatever scope came with it.
  const scope = entityBytes === undefined ? (asked ?? 'all') : 'entity'
  return { ...choice, cid, cidText, segments, scope, entityBytes, filename: queryValue(query, 'filename') }
}

function requireIpfs(path: string): string {
  if (path.startsWith('/ipfs/')) return path.slice('/ipfs/'.length)
  throw new IpfsError(404, 'This gateway serves public data by its CID, as /ipfs/<cid>, and nothing else.')
}

function parseCid(text: string): CID {
  try {
    if (text.length > mostCidChars) throw new RangeError('too long')
    return CID.parse(text)
  } catch {
    throw new IpfsError(
      400,
      `${JSON.stringify(text.slice(0, 64))} is no CID: a text like bafkrei… or Qm… was expected after /ipfs/.`,
    )
  }
}
