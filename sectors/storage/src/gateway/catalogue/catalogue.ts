import { mkdir, open } from 'node:fs/promises'
import { syncFolder } from '@cairn/runtime'
import type { TrackedDatabase } from '../../journal/track-changes.ts'
import type { StoredContent } from '../content/content-store.ts'
import type { SmallContents } from '../content/disk-content-store.ts'
import { S3Error } from '../s3-error.ts'
import { bucketRows } from './bucket-rows.ts'
import { createFlush } from './create-flush.ts'
import { listPage, type Page, type PageRequest } from './list-page.ts'
import { openDatabase } from './open-database.ts'
import { type Publication, publicationRows } from './publication-rows.ts'
import {
  type Bucket,
  type NewVersion,
  type Part,
  type Upload,
  type Version,
  type Versioning,
  withoutMarker,
} from './records.ts'
import { smallContentRows } from './small-content-rows.ts'
import { uploadRows } from './upload-rows.ts'
import { versionRows } from './version-rows.ts'

/** Decides, with the current version in hand, whether a write may go on. @throws S3Error when not */
export type WriteCondition = (current: Version | undefined) => void

/** What became of a key that was deleted. */
export interface Deleted {
  /** Of the marker made, or of the version removed; undefined where no versions are kept. */
  readonly versionId: string | undefined
  /** Whether a marker was made, or was what was removed. */
  readonly isMarker: boolean
}

/**
 * Which buckets, keys, versions and uploads there are, and which contents are theirs. Each method happens as a whole or not at all; what it did is durable after
 * {@link Catalogue.flush}, which comes before every answer.
 */
export interface Catalogue {
  bucket(name: string): Bucket
  buckets(): readonly Bucket[]
  /** @throws S3Error BucketAlreadyOwnedByYou */
  createBucket(name: string, nowMs: number): void
  /** @throws S3Error NoSuchBucket, BucketNotEmpty */
  deleteBucket(name: string): void
  setVersioning(name: string, versioning: Versioning): void
  latest(bucket: string, key: string): Version | undefined
  version(bucket: string, key: string, versionId: string): Version | undefined
  pieces(version: Pick<Version, 'sequence'>): readonly StoredContent[]
  put(bucket: string, key: string, version: NewVersion, condition: WriteCondition): Version
  /** @param versionId of the version to remove for good; undefined deletes the key as the bucket's versioning has it */
  delete(bucket: string, key: string, versionId: string | undefined, nowMs: number): Deleted
  list(bucket: string, page: PageRequest): Page<Version>
  /** @param afterVersionId with {@link PageRequest.after}: begin after this version of that key */
  listVersions(bucket: string, page: PageRequest, afterVersionId: string | undefined): Page<Version>
  createUpload(bucket: string, upload: Omit<Upload, 'id'>): Upload
  /** @throws S3Error NoSuchUpload */
  upload(bucket: string, key: string, id: string): Upload
  listUploads(bucket: string, page: PageRequest, afterId: string | undefined): Page<Upload>
  putPart(bucket: string, key: string, uploadId: string, part: Part): void
  parts(uploadId: string, afterNumber: number, limit: number): readonly Part[]
  /** @param assemble makes the version of the upload and all its parts; contents of parts that it leaves out are discarded */
  completeUpload(
    bucket: string,
    key: string,
    uploadId: string,
    assemble: (upload: Upload, parts: readonly Part[]) => NewVersion,
    condition: WriteCondition,
  ): Version
  abortUpload(bucket: string, key: string, uploadId: string): void
  /** Makes a version public; one that is already stays as it is. @throws S3Error NoSuchVersion when it was removed meanwhile, NoSuchKey when its key is deleted */
  publish(version: Version, cid: string, nowMs: number): Publication
  unpublish(sequence: number): void
  publication(sequence: number): Publication | undefined
  /** What is public, in order of sequence. */
  publications(afterSequence: number, limit: number): readonly Publication[]
  /** Contents to delete, and then to {@link Catalogue.forget}. */
  discarded(): readonly string[]
  forget(contents: readonly string[]): void
  /** Whether any version or part has this content. */
  isContentKnown(content: string): boolean
  /** Contents too small for files of their own; durable as everything here. */
  readonly smallContents: SmallContents
  flush(): Promise<void>
  /** For a journal, from now on. */
  track(): TrackedDatabase
  close(): Promise<void>
}

/**
 * Opens the catalogue of a folder, which it makes when it is missing.
 *
 * @param random unpredictable bytes for ids of versions and uploads
 */
export async function openCatalogue(
  folder: string,
  random: (count: number) => Uint8Array,
): Promise<Catalogue> {
  await mkdir(folder, { recursive: true })
  const db = openDatabase(folder)
  const [buckets, versions, uploads] = [bucketRows(db), versionRows(db), uploadRows(db)]
  const publications = publicationRows(db)
  const newId = () => Buffer.from(random(16)).toString('hex')
  const wal = await open(db.walPath, 'r+')
  // The names of the database's files are durable before anything is acknowledged.
  await syncFolder(folder)
  const flush = createFlush(() => wal.datasync())
  const bucket = (name: string) => {
    const found = buckets.get(name)
    if (found !== undefined) return found
    throw new S3Error('NoSuchBucket', 'The specified bucket does not exist.', {
      elements: { BucketName: name },
    })
  }
  const upload = (name: string, key: string, id: string) => {
    const found = uploads.get(name, key, id)
    if (found !== undefined) return found
    throw new S3Error(
      'NoSuchUpload',
      'The specified upload does not exist. It may have been aborted or completed.',
      {
        elements: { UploadId: id.slice(0, 128) },
      },
    )
  }
  /** Where versions are not kept there is one version of a key with the id `null`, and a new one takes its place. */
  const place = (name: string, key: string, version: NewVersion | undefined, nowMs: number) => {
    const isKept = bucket(name).versioning === 'Enabled'
    if (!isKept) {
      const before = versions.byId(name, key, 'null')
      if (before !== undefined) versions.remove(name, before)
    }
    return versions.insert(name, key, isKept ? newId() : 'null', version, nowMs)
  }
  return {
    smallContents: smallContentRows(db),
    bucket,
    buckets: buckets.all,
    createBucket: (name, nowMs) =>
      db.transaction(() => {
        if (buckets.get(name) !== undefined)
          throw new S3Error(
            'BucketAlreadyOwnedByYou',
            'Your previous request to create the named bucket succeeded.',
            {
              elements: { BucketName: name },
            },
          )
        buckets.insert(name, nowMs)
      }),
    deleteBucket: (name) =>
      db.transaction(() => {
        bucket(name)
        if (uploads.isAny(name) || !buckets.remove(name))
          throw new S3Error(
            'BucketNotEmpty',
            'The bucket you tried to delete is not empty: it holds objects, versions, delete markers or unfinished uploads.',
            { elements: { BucketName: name } },
          )
      }),
    setVersioning: (name, versioning) =>
      db.transaction(() => {
        bucket(name)
        buckets.setVersioning(name, versioning)
      }),
    latest: versions.latest,
    version: versions.byId,
    pieces: ({ sequence }) => versions.pieces(sequence),
    put: (name, key, version, condition) =>
      db.transaction(() => {
        bucket(name)
        condition(withoutMarker(versions.latest(name, key)))
        return place(name, key, version, version.modifiedMs)
      }),
    delete: (name, key, versionId, nowMs) =>
      db.transaction(() => {
        const { versioning } = bucket(name)
        if (versionId === undefined && versioning !== 'Off') {
          // Who deletes a key does not expect that anybody still reads it, whatever versions stay.
          publications.removeKey(name, key)
          const marker = place(name, key, undefined, nowMs)
          return { versionId: marker.versionId, isMarker: true }
        }
        const found = versions.byId(name, key, versionId ?? 'null')
        if (found !== undefined) versions.remove(name, found)
        return { versionId, isMarker: found?.isMarker ?? false }
      }),
    list: (name, page) => listPage(page, (from, to) => versions.current(name, from, to)),
    listVersions: (name, page, afterVersionId) =>
      listFrom(
        page,
        afterVersionId,
        ({ versionId }) => versionId,
        (from, to) => versions.all(name, from, to),
      ),
    createUpload: (name, fields) =>
      db.transaction(() => {
        bucket(name)
        const made = { id: newId(), ...fields }
        uploads.insert(name, made)
        return made
      }),
    upload,
    listUploads: (name, page, afterId) =>
      listFrom(
        page,
        afterId,
        ({ id }) => id,
        (from, to) => uploads.all(name, from, to),
      ),
    putPart: (name, key, uploadId, part) =>
      db.transaction(() => {
        upload(name, key, uploadId)
        uploads.putPart(uploadId, part)
      }),
    parts: uploads.parts,
    completeUpload: (name, key, uploadId, assemble, condition) =>
      db.transaction(() => {
        const version = assemble(upload(name, key, uploadId), uploads.parts(uploadId))
        condition(withoutMarker(versions.latest(name, key)))
        uploads.remove(uploadId, new Set(version.pieces.map(({ id }) => id)))
        return place(name, key, version, version.modifiedMs)
      }),
    abortUpload: (name, key, uploadId) =>
      db.transaction(() => {
        upload(name, key, uploadId)
        uploads.remove(uploadId, new Set())
      }),
    publish: ({ sequence, versionId }, cid, nowMs) =>
      db.transaction(() => {
        publications.insert(sequence, cid, nowMs)
        const made = publications.get(sequence)
        if (made !== undefined) {
          if (versions.latest(made.bucket, made.key)?.isMarker !== true) return made
          throw new S3Error('NoSuchKey', 'The key is deleted: none of its versions can be public.', {
            elements: { Key: made.key },
          })
        }
        throw new S3Error('NoSuchVersion', 'The version was removed before it was public.', {
          elements: { VersionId: versionId },
        })
      }),
    unpublish: (sequence) => db.transaction(() => publications.remove(sequence)),
    publication: publications.get,
    publications: publications.after,
    discarded: () => [...db.iterate('select content from discarded')].map(({ content }) => String(content)),
    forget: (contents) =>
      db.transaction(() => {
        for (const content of contents) db.run('delete from discarded where content = ?', content)
      }),
    isContentKnown: (content) =>
      db.get(
        'select 1 from pieces where content = ? union select 1 from parts where content = ?',
        content,
        content,
      ) !== undefined,
    flush,
    track: db.track,
    async close() {
      await flush()
      await wal.close()
      db.close()
    },
  }
}

/** A page that may begin in the middle of the rows of one key. */
function listFrom<Item extends { readonly key: string }>(
  page: PageRequest,
  afterId: string | undefined,
  idOf: (row: Item) => string,
  seek: (from: Buffer, to: Buffer) => Iterable<Item>,
): Page<Item> {
  const { after } = page
  if (after === undefined || afterId === undefined || !after.startsWith(page.prefix))
    return listPage(page, seek)
  const first = Buffer.from(after)
  // listPage asks for what comes after the whole key; the rest of that key is put in front once.
  let isFirst = true
  return listPage(page, function* (from, to) {
    if (isFirst) {
      isFirst = false
      let isReached = false
      for (const row of seek(first, Buffer.concat([first, Buffer.of(0)]))) {
        if (isReached) yield row
        isReached ||= idOf(row) === afterId
      }
    }
    yield* seek(from, to)
  })
}
