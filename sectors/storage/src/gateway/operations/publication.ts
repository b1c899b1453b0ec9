import { setTimeout as wait } from 'node:timers/promises'
import type { Publication } from '../catalogue/publication-rows.ts'
import type { Exchange, Operation } from '../exchange.ts'
import { queryValue } from '../http/parse-query.ts'
import { emptyReply, xmlReply } from '../http/reply.ts'
import { S3Error } from '../s3-error.ts'
import { element, type Xml } from '../xml/write-xml.ts'
import { findVersion } from './find-version.ts'

/** How long a request waits for the whole version to be read. Then it is answered, and the work goes on. */
const mostWaitMs = 15_000
const pageSize = 1000

/** PUT /bucket/key?publication: makes the version public. 202 when that takes longer than a client waits: ask again. */
export const putPublication: Operation = async (exchange) => {
  const { publications, settle } = exchange
  const publishing = publications.publish(findSource(exchange))
  const waiting = new AbortController()
  const publication = await Promise.race([
    publishing.finally(() => waiting.abort()),
    wait(mostWaitMs, undefined, { signal: waiting.signal }).catch(() => undefined),
  ])
  if (publication === undefined) {
    // What goes wrong from now on is told to who asks again.
    publishing.catch(() => undefined)
    return { ...xmlReply('Publication', [element('Status', 'Building')]), status: 202 }
  }
  await settle()
  return xmlReply('Publication', describe(publication))
}

/** GET /bucket/key?publication */
export const getPublication: Operation = (exchange) => {
  const found = exchange.catalogue.publication(findSource(exchange).sequence)
  if (found !== undefined) return xmlReply('Publication', describe(found))
  throw new S3Error('NoSuchPublication', 'The specified version is not public.')
}

/** DELETE /bucket/key?publication. What is not public stays so. */
export const deletePublication: Operation = async (exchange) => {
  exchange.publications.unpublish(findSource(exchange))
  await exchange.settle()
  return emptyReply(204)
}

/** GET /?publications: everything that is public. */
export const listPublications: Operation = ({ catalogue, query }) => {
  const marker = queryValue(query, 'marker') ?? '0'
  if (!/^\d{1,15}$/.test(marker))
    throw new S3Error('InvalidArgument', 'The marker has to be the NextMarker of the page before.', {
      elements: { ArgumentName: 'marker', ArgumentValue: marker.slice(0, 64) },
    })
  const page = catalogue.publications(Number(marker), pageSize + 1)
  const shown = page.slice(0, pageSize)
  const isTruncated = page.length > pageSize
  return xmlReply('ListPublicationsResult', [
    element('IsTruncated', isTruncated),
    element('NextMarker', isTruncated ? shown.at(-1)?.sequence : undefined),
    ...shown.map((publication) => element('Publication', describe(publication))),
  ])
}

function findSource({ catalogue, bucket, key, query }: Exchange) {
  catalogue.bucket(bucket)
  return findVersion(catalogue, { bucket, key, versionId: queryValue(query, 'versionId') })
}

function describe({ bucket, key, versionId, sizeBytes, cid, publishedMs }: Publication): readonly Xml[] {
  return [
    element('Status', 'Public'),
    element('CID', cid),
    element('Bucket', bucket),
    element('Key', key),
    element('VersionId', versionId),
    element('Size', sizeBytes),
    element('PublishedAt', new Date(publishedMs).toISOString()),
  ]
}
