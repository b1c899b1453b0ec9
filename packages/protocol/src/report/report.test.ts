import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import { isLowS, type Sha256 } from '../crypto.ts'
import { concatBytes, fromHex, type Hex, toHex } from '../hex.ts'
import { parseNetworkId } from '../identity.ts'
import { bodyLeaf } from '../trees/body-tree.ts'
import { observationLists, reportFields, signatures } from './arbitraries.ts'
import { bodyRoot } from './body-root.ts'
import { buildReport } from './build-report.ts'
import { parseReport } from './parse-report.ts'
import { recordHash } from './record-hash.ts'
import { encodeHeader, parseHeader } from './report-header.ts'
import { serializeReport } from './serialize-report.ts'
import { reportHash, signedContent } from './signed-content.ts'

interface ReportVector {
  readonly network: Hex
  readonly device: string
  readonly epoch: string
  readonly sequence: string
  readonly timeMs: string
  readonly count: string
  readonly bodyRoot: Hex
  readonly headerBytes: Hex
  readonly signedContent: Hex
  readonly reportHash: Hex
  readonly recordHash: Hex
  readonly signature: Hex
  readonly x: Hex
  readonly y: Hex
  readonly observations: Hex[]
  readonly report: Hex
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../../specs/vectors/report.json', import.meta.url), 'utf8'),
) as {
  reports: ReportVector[]
  bodies: { observations: Hex[]; leaves: Hex[]; root: Hex }[]
  refused: { why: string; code: string; report: Hex }[]
}

const sha256: Sha256 = (data) => new Uint8Array(createHash('sha256').update(data).digest())
const p1363 = 'ieee-p1363'

describe('vectors', () => {
  test.for(vectors.reports)('default: report of device $device', (vector) => {
    const report = parseReport(fromHex(vector.report))
    expect(report.header).toEqual({
      network: vector.network,
      device: Number(vector.device),
      epoch: Number(vector.epoch),
      sequence: Number(vector.sequence),
      timeMs: Number(vector.timeMs),
      count: Number(vector.count),
      bodyRoot: fromHex(vector.bodyRoot),
    })
    expect(report.observations.map(toHex)).toEqual(vector.observations)
    expect(toHex(report.headerBytes)).toBe(vector.headerBytes)
    expect(toHex(report.signature)).toBe(vector.signature)
    expect(toHex(signedContent(report.headerBytes))).toBe(vector.signedContent)
    expect(toHex(reportHash(report.headerBytes, sha256))).toBe(vector.reportHash)
    // Spec 3, put together here from its parts.
    const record = concatBytes(Uint8Array.of(3), fromHex(vector.reportHash), fromHex(vector.signature))
    expect(vector.recordHash).toBe(keccak256(record))
    expect(toHex(recordHash(report.headerBytes, report.signature, sha256))).toBe(vector.recordHash)
    expect(toHex(bodyRoot(report.observations))).toBe(vector.bodyRoot)
    expect(toHex(serializeReport(report))).toBe(vector.report)
    const coordinate = (hex: Hex) => Buffer.from(fromHex(hex)).toString('base64url')
    const jwk = { kty: 'EC', crv: 'P-256', x: coordinate(vector.x), y: coordinate(vector.y) }
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    expect(
      verify('sha256', fromHex(vector.signedContent), { key, dsaEncoding: p1363 }, report.signature),
    ).toBe(true)
  })

  test.for(vectors.bodies)('default: body root $root', ({ observations, leaves, root }) => {
    expect(observations.map((observation) => toHex(bodyLeaf(fromHex(observation))))).toEqual(leaves)
    expect(toHex(bodyRoot(observations.map(fromHex)))).toBe(root)
  })

  test.for(vectors.refused)('error: $why is $code', ({ code, report }) => {
    expect(() => parseReport(fromHex(report))).toThrow(expect.objectContaining({ name: 'ReportError', code }))
  })
})

describe('round trip', () => {
  test('behavior: parse(serialize(r)) = r and serialize(parse(b)) = b', () => {
    fc.assert(
      fc.property(reportFields, observationLists, signatures, (fields, observations, signature) => {
        const { bytes, report } = buildReport(fields, observations, () => signature)
        const parsed = parseReport(bytes)
        expect(parsed).toEqual(report)
        expect(serializeReport(parsed)).toEqual(bytes)
        expect(encodeHeader(parsed.header)).toEqual(parsed.headerBytes)
        expect(parsed.header).toMatchObject(fields)
      }),
    )
  })

  test('behavior: what it returns are views of a Uint8Array or Buffer at any offset', () => {
    const { bytes, report } = buildReport(fields, [Uint8Array.of(1, 2, 3)], () => new Uint8Array(64))
    const around = Buffer.alloc(bytes.length + 20, 0xee)
    around.set(bytes, 13)
    const parsed = parseReport(around.subarray(13, 13 + bytes.length))
    expect(parsed).toEqual(report)
    expect(parsed.observations[0]!.buffer).toBe(around.buffer)
    expect(Object.getPrototypeOf(parsed.headerBytes)).toBe(Uint8Array.prototype)
  })

  test('behavior: one network after another', () => {
    const networks = ['aa', 'bb', 'aa', '00', '01'].map((byte) => parseNetworkId(`0x${byte.repeat(28)}`))
    const headers = networks.map((network) =>
      encodeHeader({ ...fields, network, count: 0, bodyRoot: bodyRoot([]) }),
    )
    expect(headers.map((header) => parseHeader(header).network)).toEqual(networks)
  })
})

describe('COSE', () => {
  test('default: Node verifies what Node signed, and the report holds the low s of it', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const signDevice = (message: Uint8Array) =>
      new Uint8Array(sign('sha256', message, { key: privateKey, dsaEncoding: p1363 }))
    for (let sequence = 0; sequence < 16; sequence++) {
      const { bytes } = buildReport({ ...fields, sequence }, [Uint8Array.of(sequence)], signDevice)
      const { headerBytes, signature } = parseReport(bytes)
      const content = signedContent(headerBytes)
      expect(content.length).toBe(102)
      expect(isLowS(signature)).toBe(true)
      expect(verify('sha256', content, { key: publicKey, dsaEncoding: p1363 }, signature)).toBe(true)
      expect(verify('sha256', headerBytes, { key: publicKey, dsaEncoding: p1363 }, signature)).toBe(false)
    }
  })

  test('behavior: the report hash is of the header alone, the record hash of the signature too', () => {
    const one = buildReport(fields, [Uint8Array.of(1)], () => new Uint8Array(64))
    const other = buildReport(fields, [Uint8Array.of(1)], () => new Uint8Array(64).fill(1))
    expect(other.bytes).not.toEqual(one.bytes)
    expect(recordHash(other.report.headerBytes, other.report.signature, sha256)).not.toEqual(
      recordHash(one.report.headerBytes, one.report.signature, sha256),
    )
    expect(reportHash(other.report.headerBytes, sha256)).toEqual(reportHash(one.report.headerBytes, sha256))
  })

  test('error: a signature of another length has no record hash', () => {
    const { headerBytes, signature } = buildReport(fields, [], () => new Uint8Array(64)).report
    for (const wrong of [signature.subarray(1), new Uint8Array(65)]) {
      expect(() => recordHash(headerBytes, wrong, sha256)).toThrow('the end of a signature of 64 bytes')
    }
  })
})

const fields = {
  network: parseNetworkId(`0x${'ab'.repeat(28)}`),
  device: 1,
  epoch: 2,
  sequence: 3,
  timeMs: 4,
}
