import type { Operation } from '../exchange.ts'
import { isBucketName } from '../http/parse-target.ts'
import { emptyReply, xmlReply } from '../http/reply.ts'
import { S3Error } from '../s3-error.ts'
import { childText, parseXml } from '../xml/parse-xml.ts'
import { element } from '../xml/write-xml.ts'

/** Small documents: no more than this of them is read. */
const mostBytes = 64 * 1024

/** GET / */
export const listBuckets: Operation = ({ catalogue }) =>
  xmlReply('ListAllMyBucketsResult', [
    element('Owner', [element('ID', 'cairn'), element('DisplayName', 'cairn')]),
    element(
      'Buckets',
      catalogue
        .buckets()
        .map(({ name, createdMs }) =>
          element('Bucket', [
            element('Name', name),
            element('CreationDate', new Date(createdMs).toISOString()),
          ]),
        ),
    ),
  ])

/** PUT /bucket. A location is read and means nothing: the gateway is where it is. */
export const createBucket: Operation = async ({ catalogue, bucket, headers, body, now, settle }) => {
  if (!isBucketName(bucket))
    throw new S3Error(
      'InvalidBucketName',
      'The specified bucket is not valid: 3 to 63 lower-case letters, digits, dots and hyphens.',
      {
        elements: { BucketName: bucket.slice(0, 128) },
      },
    )
  if (headers['x-amz-bucket-object-lock-enabled']?.toLowerCase() === 'true')
    throw new S3Error('NotImplemented', 'Object lock is not implemented.')
  const bytes = await body.read(mostBytes)
  if (bytes.length > 0) parseXml(bytes, 'CreateBucketConfiguration')
  catalogue.createBucket(bucket, now())
  await settle()
  return emptyReply(200, { location: `/${bucket}` })
}

/** HEAD /bucket */
export const headBucket: Operation = ({ catalogue, bucket }) => {
  catalogue.bucket(bucket)
  return emptyReply(200, { 'x-amz-bucket-region': 'us-east-1' })
}

/** DELETE /bucket */
export const deleteBucket: Operation = async ({ catalogue, bucket, settle }) => {
  catalogue.deleteBucket(bucket)
  await settle()
  return emptyReply(204)
}

/** GET /bucket?location. Empty means us-east-1, which clients take for their own. */
export const bucketLocation: Operation = ({ catalogue, bucket }) => {
  catalogue.bucket(bucket)
  return xmlReply('LocationConstraint', '')
}

/** GET /bucket?versioning */
export const getVersioning: Operation = ({ catalogue, bucket }) => {
  const { versioning } = catalogue.bucket(bucket)
  return xmlReply('VersioningConfiguration', [
    element('Status', versioning === 'Off' ? undefined : versioning),
  ])
}

/** PUT /bucket?versioning */
export const putVersioning: Operation = async ({ catalogue, bucket, body, settle }) => {
  const tree = parseXml(await body.read(mostBytes), 'VersioningConfiguration')
  const status = childText(tree, 'Status')
  if (childText(tree, 'MfaDelete') === 'Enabled')
    throw new S3Error('NotImplemented', 'MFA delete is not implemented.')
  if (status !== 'Enabled' && status !== 'Suspended')
    throw new S3Error('MalformedXML', 'Status of a VersioningConfiguration has to be Enabled or Suspended.')
  catalogue.setVersioning(bucket, status)
  await settle()
  return emptyReply(200)
}
