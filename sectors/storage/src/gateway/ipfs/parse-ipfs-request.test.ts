import fc from 'fast-check'
import { base36 } from 'multiformats/bases/base36'
import { base58btc } from 'multiformats/bases/base58'
import { CID } from 'multiformats/cid'
import { create as createDigest } from 'multiformats/hashes/digest'
import { expect, test } from 'vitest'
import { parseEntityBytes, resolveEntityBytes } from './entity-bytes.ts'
import { IpfsError } from './ipfs-error.ts'
import { parseIpfsRequest } from './parse-ipfs-request.ts'

const cid = 'bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'
const parse = (path: string, query: [string, string][], headers: Record<string, string> = {}) =>
  parseIpfsRequest({ method: 'GET', path, query, headers })

test('default: a CID in any of its forms is the same root', () => {
  const { digest } = CID.parse(cid).multihash
  const node = CID.createV0(createDigest(0x12, digest))
  for (const form of [
    cid,
    CID.parse(cid).toString(base36),
    CID.parse(cid).toString(base58btc),
    node.toString(),
  ]) {
    const asked = parse(`/ipfs/${form}`, [['format', 'raw']])
    expect(asked.cidText).toBe(form)
    expect(asked.cid.multihash.digest).toEqual(digest)
  }
})

test('error: whatever is sent, it is parsed or refused with a status of 4xx', () => {
  const words = fc.constantFrom(
    'format',
    'dag-scope',
    'entity-bytes',
    'car-order',
    'car-dups',
    'car-version',
    'filename',
  )
  const values = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'raw',
      'car',
      'all',
      'block',
      'entity',
      'dfs',
      'y',
      'n',
      '1',
      '0:*',
      '-1:*',
      '9999999999999999:1',
      '*:0',
    ),
  )
  const accepts = fc.oneof(
    fc.string(),
    fc.stringMatching(
      /^(application\/vnd\.ipld\.(car|raw)|\*\/\*|;|,|=|order=dfs|dups=[yn]|q=[0-9.]+| ){0,12}$/,
    ),
  )
  const paths = fc.oneof(
    fc.string().map((text) => `/ipfs/${text}`),
    fc.string().map((text) => `/${text}`),
    fc.array(fc.string(), { maxLength: 80 }).map((parts) => `/ipfs/${cid}/${parts.join('/')}`),
  )
  fc.assert(
    fc.property(
      paths,
      fc.array(fc.tuple(words, values), { maxLength: 8 }),
      accepts,
      (path, query, accept) => {
        try {
          const { format, scope } = parse(path, query, { accept })
          expect(['raw', 'car']).toContain(format)
          expect(['block', 'entity', 'all']).toContain(scope)
        } catch (error) {
          expect(error).toBeInstanceOf(IpfsError)
          expect([400, 404, 406]).toContain((error as IpfsError).status)
        }
      },
    ),
    { numRuns: 2000 },
  )
})

test.each([
  ['0:*', 10, { start: 0, end: 10 }],
  ['0:0', 10, { start: 0, end: 1 }],
  ['-3:*', 10, { start: 7, end: 10 }],
  ['-30:*', 10, { start: 0, end: 10 }],
  ['4:-5', 10, { start: 4, end: 6 }],
  ['-5:-5', 10, { start: 5, end: 6 }],
  ['0:99', 10, { start: 0, end: 10 }],
  ['10:*', 10, undefined],
  ['5:4', 10, undefined],
  ['0:-11', 10, undefined],
  ['0:*', 0, undefined],
  ['-1:*', 0, undefined],
] as const)('default: entity-bytes=%s of %i bytes', (text, size, expected) => {
  expect(resolveEntityBytes(parseEntityBytes(text), size)).toEqual(expected)
})
