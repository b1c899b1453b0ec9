import type { Operation } from '../exchange.ts'
import type { Incoming } from '../http/incoming.ts'
import { queryValue } from '../http/parse-query.ts'
import type { Target } from '../http/parse-target.ts'
import { S3Error } from '../s3-error.ts'
import {
  bucketLocation,
  createBucket,
  deleteBucket,
  getVersioning,
  headBucket,
  listBuckets,
  putVersioning,
} from './bucket-lifecycle.ts'
import { completeUpload } from './complete-upload.ts'
import { copyObject } from './copy-object.ts'
import { createUpload } from './create-upload.ts'
import { deleteObject } from './delete-object.ts'
import { deleteObjects } from './delete-objects.ts'
import { getObject } from './get-object.ts'
import { listObjectVersions } from './list-object-versions.ts'
import { listObjects, listObjectsV2 } from './list-objects.ts'
import { deletePublication, getPublication, listPublications, putPublication } from './publication.ts'
import { putObject } from './put-object.ts'
import {
  getAcl,
  getBucketTagging,
  getCors,
  getEncryption,
  getObjectLock,
  getObjectTagging,
  getPolicy,
  putAcl,
} from './stubs.ts'
import { uploadPart, uploadPartCopy } from './upload-part.ts'
import { abortUpload, listParts, listUploads } from './uploads.ts'

/** Every operation, by what it is about, its method, and its subresource: the query parameter that changes what a request means. */
const operations: Readonly<Record<string, Operation>> = {
  'service GET': listBuckets,
  'service GET publications': listPublications,
  'bucket PUT': createBucket,
  'bucket HEAD': headBucket,
  'bucket DELETE': deleteBucket,
  'bucket GET': listObjects,
  'bucket GET list-type=2': listObjectsV2,
  'bucket GET versions': listObjectVersions,
  'bucket GET uploads': listUploads,
  'bucket GET location': bucketLocation,
  'bucket GET versioning': getVersioning,
  'bucket PUT versioning': putVersioning,
  'bucket POST delete': deleteObjects,
  'bucket GET acl': getAcl,
  'bucket PUT acl': putAcl,
  'bucket GET policy': getPolicy,
  'bucket GET cors': getCors,
  'bucket GET tagging': getBucketTagging,
  'bucket GET object-lock': getObjectLock,
  'bucket GET encryption': getEncryption,
  'object PUT': putObject,
  'object PUT copy': copyObject,
  'object GET': getObject,
  'object HEAD': getObject,
  'object DELETE': deleteObject,
  'object POST uploads': createUpload,
  'object PUT uploadId': uploadPart,
  'object PUT uploadId copy': uploadPartCopy,
  'object POST uploadId': completeUpload,
  'object DELETE uploadId': abortUpload,
  'object GET uploadId': listParts,
  'object GET acl': getAcl,
  'object PUT acl': putAcl,
  'object GET tagging': getObjectTagging,
  'object PUT publication': putPublication,
  'object GET publication': getPublication,
  'object DELETE publication': deletePublication,
}

/** All of S3's subresources, and two of this gateway: one that is not in the table is refused, since without it the request would mean something else. */
const subresources = [
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'location',
  'logging',
  'metadataTable',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publication',
  'publications',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versioning',
  'versions',
  'website',
]

/** @throws S3Error NotImplemented or MethodNotAllowed */
export function findOperation({ method, query, headers }: Incoming, { bucket, key }: Target): Operation {
  const about = bucket === undefined ? 'service' : key === undefined ? 'bucket' : 'object'
  const subresource = query.map(([name]) => name).find((name) => subresources.includes(name))
  const isV2 = about === 'bucket' && method === 'GET' && queryValue(query, 'list-type') === '2'
  const isCopy = about === 'object' && method === 'PUT' && headers['x-amz-copy-source'] !== undefined
  const name = [about, method, subresource ?? (isV2 ? 'list-type=2' : undefined), isCopy ? 'copy' : undefined]
    .filter((word) => word !== undefined)
    .join(' ')
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined
  if (operation !== undefined) return operation
  if (subresource !== undefined || isCopy)
    throw new S3Error(
      'NotImplemented',
      `${method} of ?${subresource ?? ''} is not implemented by this gateway.`,
    )
  throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    elements: { Method: method.slice(0, 16), ResourceType: about.toUpperCase() },
  })
}
