import { code as dagPbCode, decode, type PBNode } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import type { CID } from 'multiformats/cid'
import type { ByteRange } from '../content/content-store.ts'
import { type EntityBytes, resolveEntityBytes } from './entity-bytes.ts'
import { IpfsError } from './ipfs-error.ts'
import type { DagScope } from './parse-ipfs-request.ts'

/** A block with the bytes that its CID names. */
export interface Block {
  readonly cid: CID
  readonly bytes: Uint8Array
}

/** The bytes of a block; undefined when it is not there. */
export type ReadBlock = (cid: CID) => Promise<Uint8Array | undefined>

/** What of a DAG is wanted. */
export interface Walk {
  readonly cid: CID
  readonly segments: readonly string[]
  readonly scope: DagScope
  readonly entityBytes: EntityBytes | undefined
}

/** Leaves that are read before they are asked for, so that the client waits for bytes and not for disks or operators. */
const readAhead = 3
/** 1 024 links in a node: a file of three levels has a million gigabytes, and folders are no deeper than keys are long. */
const deepest = 512

/**
 * The blocks of a walk in depth-first order, repeated where they occur again: those of the path, then what the scope says of the DAG at its end. Where the path leads nowhere the
 * walk ends with the blocks that prove it.
 *
 * @throws IpfsError 404 at the first block when it is not there, 500 at a later one; whatever `read` throws
 */
export async function* walkDag(read: ReadBlock, { cid, segments, scope, entityBytes }: Walk) {
  let block = await load(read, cid, 404)
  for (const segment of segments) {
    yield block
    const next = nodeOf(block)?.Links.find(({ Name }) => Name === segment)?.Hash
    if (next === undefined) return
    block = await load(read, next, 500)
  }
  const size = fileSize(block)
  const range =
    entityBytes === undefined || size === undefined ? undefined : resolveEntityBytes(entityBytes, size)
  const isBlockAlone =
    scope === 'block' || (entityBytes !== undefined && size !== undefined && range === undefined)
  if (isBlockAlone) yield block
  else yield* descend(read, block, { range, isEntity: scope === 'entity', depth: 0 })
}

/** Leaves out what was sent before. @param mostBlocks that are remembered; behind them a block may come again */
export async function* withoutRepeats(
  blocks: AsyncIterable<Block>,
  mostBlocks: number,
): AsyncGenerator<Block, void> {
  const seen = new Set<string>()
  for await (const block of blocks) {
    const key = Buffer.from(block.cid.multihash.digest).toString('latin1')
    if (seen.has(key)) continue
    if (seen.size < mostBlocks) seen.add(key)
    yield block
  }
}

interface Descent {
  /** Bytes of this block's file that are wanted; undefined: all. */
  readonly range: ByteRange | undefined
  /** A folder is then its own block alone. */
  readonly isEntity: boolean
  readonly depth: number
}

async function* descend(read: ReadBlock, block: Block, descent: Descent): AsyncGenerator<Block, void> {
  yield block
  const { isEntity, depth } = descent
  if (depth > deepest) throw new IpfsError(500, `The DAG is more than ${deepest} blocks deep.`)
  const children = childrenOf(block, descent)
  for await (const { child, range } of loadAhead(read, children))
    yield* descend(read, child, { range, isEntity, depth: depth + 1 })
}

interface ChildLink {
  readonly cid: CID
  readonly range: ByteRange | undefined
}

function childrenOf(block: Block, { range, isEntity }: Descent): readonly ChildLink[] {
  const node = nodeOf(block)
  if (node === undefined) return []
  const unixfs = unixfsOf(node)
  if (isEntity && unixfs?.isDirectory() === true) return []
  if (range === undefined || unixfs === undefined)
    return node.Links.map(({ Hash }) => ({ cid: Hash, range: undefined }))
  let at = unixfs.data?.length ?? 0
  return node.Links.flatMap(({ Hash }, index) => {
    const begin = at
    at += Number(unixfs.blockSizes[index] ?? 0n)
    const inner = { start: Math.max(range.start, begin) - begin, end: Math.min(range.end, at) - begin }
    return inner.start < inner.end ? [{ cid: Hash, range: inner }] : []
  })
}

async function* loadAhead(read: ReadBlock, links: readonly ChildLink[]) {
  const loads: Promise<Block>[] = []
  for (const [index, { range }] of links.entries()) {
    while (loads.length <= readAhead && index + loads.length < links.length) {
      const loading = load(read, links[index + loads.length]!.cid, 500)
      // It is awaited below, or nobody asks for it any more.
      loading.catch(() => undefined)
      loads.push(loading)
    }
    yield { child: await loads.shift()!, range }
  }
}

async function load(read: ReadBlock, cid: CID, status: number): Promise<Block> {
  const bytes = await read(cid)
  if (bytes !== undefined) return { cid, bytes }
  throw new IpfsError(status, `Nothing that is public here has the block ${cid.toString()}.`)
}

/** undefined for a leaf. */
function nodeOf({ cid, bytes }: Block): PBNode | undefined {
  return cid.code === dagPbCode ? decode(bytes) : undefined
}

/** undefined for a node that is not UnixFS. */
function unixfsOf({ Data }: PBNode): UnixFS | undefined {
  if (Data === undefined) return undefined
  try {
    return UnixFS.unmarshal(Data)
  } catch {
    return undefined
  }
}

/** Bytes of the file that a block is the root of; undefined when it is no file. */
function fileSize(block: Block): number | undefined {
  const node = nodeOf(block)
  if (node === undefined) return block.bytes.length
  const unixfs = unixfsOf(node)
  return unixfs === undefined || unixfs.isDirectory() ? undefined : Number(unixfs.fileSize())
}
