import type { Operation } from '../exchange.ts'
import { queryValue } from '../http/parse-query.ts'
import { emptyReply } from '../http/reply.ts'

/** DELETE /bucket/key. Deleting what is not there succeeds. */
export const deleteObject: Operation = async ({ catalogue, bucket, key, query, now, settle }) => {
  const { versionId, isMarker } = catalogue.delete(bucket, key, queryValue(query, 'versionId'), now())
  await settle()
  return emptyReply(204, {
    'x-amz-version-id': versionId,
    'x-amz-delete-marker': isMarker ? 'true' : undefined,
  })
}
