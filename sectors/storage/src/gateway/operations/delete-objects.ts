import type { Exchange, Operation } from '../exchange.ts'
import { requireKey } from '../http/parse-target.ts'
import { xmlReply } from '../http/reply.ts'
import { S3Error } from '../s3-error.ts'
import { childrenOf, childText, parseXml, type XmlTree } from '../xml/parse-xml.ts'
import { element, type Xml } from '../xml/write-xml.ts'

/** A thousand keys of 1 024 bytes, each of which may be five in XML. */
const mostBytes = 8 * 2 ** 20
const mostKeys = 1000

/** POST /bucket?delete: each key on its own; one that fails does not keep the others. */
export const deleteObjects: Operation = async (exchange) => {
  const { catalogue, bucket, body, settle } = exchange
  catalogue.bucket(bucket)
  const tree = parseXml(await body.read(mostBytes), 'Delete')
  const isQuiet = childText(tree, 'Quiet')?.trim() === 'true'
  const objects = childrenOf(tree, 'Object')
  if (objects.length === 0 || objects.length > mostKeys)
    throw new S3Error(
      'MalformedXML',
      `A Delete lists 1 to ${mostKeys} objects; this one has ${objects.length}.`,
    )
  const outcomes = objects.map((object) => deleteOne(exchange, object, isQuiet))
  await settle()
  return xmlReply('DeleteResult', outcomes)
}

function deleteOne({ catalogue, bucket, now }: Exchange, object: XmlTree, isQuiet: boolean): Xml {
  const key = childText(object, 'Key') ?? ''
  const versionId = childText(object, 'VersionId')
  try {
    if (key === '') throw new S3Error('InvalidArgument', 'An object to delete has to have a Key.')
    requireKey(key)
    const deleted = catalogue.delete(bucket, key, versionId === '' ? undefined : versionId, now())
    if (isQuiet) return '' as Xml
    return element('Deleted', [
      element('Key', key),
      element('VersionId', versionId),
      element('DeleteMarker', deleted.isMarker ? true : undefined),
      element('DeleteMarkerVersionId', deleted.isMarker ? deleted.versionId : undefined),
    ])
  } catch (error) {
    if (!(error instanceof S3Error)) throw error
    return element('Error', [
      element('Key', key),
      element('VersionId', versionId),
      element('Code', error.s3Code),
      element('Message', error.said),
    ])
  }
}
