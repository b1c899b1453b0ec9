import { createHash } from 'node:crypto'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Publication } from '../catalogue/publication-rows.ts'
import type { Version } from '../catalogue/records.ts'
import type { ContentReader } from '../content/content-reader.ts'
import { S3Error } from '../s3-error.ts'
import type { BlockIndex, BlockPlace } from './block-index.ts'
import { buildDag } from './build-dag.ts'
import { PublicationError } from './publication-error.ts'

/** What publications need. */
export interface PublicationsOptions {
  readonly catalogue: Catalogue
  readonly reader: ContentReader
  readonly index: BlockIndex
  readonly now: () => number
  /** Told of versions and blocks that are not what they were when they were published. */
  readonly onError: (error: unknown) => void
}

/** Makes versions public, and reads the blocks of those that are. */
export interface Publications {
  /**
   * Reads the whole version once. Those who ask for it meanwhile share the work. Durable after the catalogue is flushed.
   *
   * @throws S3Error NoSuchPublication, NoSuchVersion, NoSuchKey when it was unpublished, removed or deleted meanwhile
   */
  publish(version: Version): Promise<Publication>
  unpublish(version: Version): void
  /** Whether anything public has this block. */
  has(digest: Uint8Array): boolean
  /**
   * The bytes of a block, which are those of its digest; undefined when nothing public has it.
   *
   * @throws PublicationError code `block_damaged` when no version that has it gives the right bytes any more
   */
  read(digest: Uint8Array): Promise<Uint8Array | undefined>
  /** Indexes what is public and has no index, and drops the index of what is public no more. */
  reconcile(): Promise<void>
  close(): Promise<void>
}

const pageSize = 256

export function createPublications({
  catalogue,
  reader,
  index,
  now,
  onError,
}: PublicationsOptions): Publications {
  const building = new Map<number, Promise<string>>()
  /** Unpublished before they were public. */
  const cancelled = new Set<number>()
  let isClosing = false
  async function* readVersion(sequence: number, start: number, end: number) {
    // Blocks are made of several parts, which would not hold so long.
    for await (const part of reader.read(catalogue.pieces({ sequence }), { start, end }))
      yield Buffer.from(part)
  }

  const requireWanted = (sequence: number) => {
    if (cancelled.has(sequence))
      throw new S3Error('NoSuchPublication', 'The version was unpublished before it was public.')
  }
  const build = async (sequence: number, sizeBytes: number): Promise<string> => {
    index.begin(sequence)
    cancelled.delete(sequence)
    try {
      const cid = await buildDag(readVersion(sequence, 0, sizeBytes), (blocks) => {
        if (isClosing) throw stopping()
        requireWanted(sequence)
        index.add(sequence, blocks)
      })
      return cid.toString()
    } catch (error) {
      index.drop(sequence)
      throw error
    }
  }
  const buildOnce = (sequence: number, sizeBytes: number) => {
    const running =
      building.get(sequence) ?? build(sequence, sizeBytes).finally(() => building.delete(sequence))
    building.set(sequence, running)
    return running
  }
  const places = (digest: Uint8Array) =>
    index.find(digest).filter(({ owner }) => catalogue.publication(owner) !== undefined)
  const bytesAt = async (place: BlockPlace): Promise<Uint8Array> => {
    if ('node' in place) return place.node
    const parts: Uint8Array[] = []
    for await (const part of readVersion(place.owner, place.start, place.end)) parts.push(part)
    return Buffer.concat(parts)
  }
  const dropStale = () => {
    for (const owner of index.owners())
      if (catalogue.publication(owner) === undefined && !building.has(owner)) index.drop(owner)
  }
  const reindex = async ({ sequence, sizeBytes, cid }: Publication) => {
    const built = await buildOnce(sequence, sizeBytes)
    if (built === cid) index.complete(sequence, cid)
    else throw changed(sequence, cid, built)
  }
  return {
    async publish(version) {
      const { sequence, sizeBytes } = version
      const known = catalogue.publication(sequence)
      if (known !== undefined && index.isComplete(sequence, known.cid)) return known
      dropStale()
      const cid = await buildOnce(sequence, sizeBytes)
      requireWanted(sequence)
      const made = catalogue.publish(version, cid, now())
      if (made.cid !== cid) throw changed(sequence, made.cid, cid)
      index.complete(sequence, cid)
      return made
    },
    unpublish({ sequence }) {
      catalogue.unpublish(sequence)
      if (building.has(sequence)) cancelled.add(sequence)
      else index.drop(sequence)
    },
    has: (digest) => places(digest).length > 0,
    async read(digest) {
      let failure: unknown
      for (const place of places(digest)) {
        try {
          const bytes = await bytesAt(place)
          if (createHash('sha256').update(bytes).digest().equals(digest)) return bytes
          failure = damaged(place.owner, digest)
        } catch (error) {
          failure = error
        }
        // It may have been removed while it was read.
        if (catalogue.publication(place.owner) === undefined) failure = undefined
        else onError(failure)
      }
      if (failure !== undefined) throw failure
      return undefined
    },
    async reconcile() {
      dropStale()
      for (let after = 0; ; ) {
        const page = catalogue.publications(after, pageSize)
        for (const publication of page) {
          if (isClosing) return
          if (!index.isComplete(publication.sequence, publication.cid))
            await reindex(publication).catch(onError)
        }
        after = page.at(-1)?.sequence ?? 0
        if (page.length < pageSize) return
      }
    },
    async close() {
      isClosing = true
      await Promise.allSettled(building.values())
      index.close()
    },
  }
}

function damaged(sequence: number, digest: Uint8Array): PublicationError {
  const hex = Buffer.from(digest).toString('hex')
  return new PublicationError({
    code: 'block_damaged',
    message: `The bytes of block ${hex} in the public version ${sequence} are not those of its digest. They were not sent.`,
    fix: 'Check the disk, and restore the object or write it again.',
    field: 'digest',
    value: hex,
  })
}

function changed(sequence: number, published: string, built: string): PublicationError {
  return new PublicationError({
    code: 'publication_changed',
    message: `The version ${sequence} was published as ${published} and now gives ${built}. It is not served.`,
    fix: 'Restore its content, or unpublish it.',
    field: 'cid',
    value: published,
  })
}

function stopping(): S3Error {
  return new S3Error('ServiceUnavailable', 'The gateway is being stopped. Publish again when it runs.')
}
