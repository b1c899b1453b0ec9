import {
  bodyLeaf,
  bodyRoot,
  buildReport,
  keyHash,
  parseReport,
  type ReportError,
  type ReportFields,
  recordHash,
  reportHash,
  signedContent,
  toHex,
} from '@cairn/protocol'
import type { GeneratedFile } from './generated-files.ts'
import { sha256, vectorFile, vectorKeys, vectorNetwork } from './vector-keys.ts'

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

/** As many observations, all different, the first empty: from 0 bytes up, 37 more each. */
const observationsOf = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) =>
    Uint8Array.from({ length: 37 * i }, (_, j) => (i * 31 + j * 7) & 0xff),
  )

const fields: ReportFields = { network: vectorNetwork, device: 0, epoch: 0, sequence: 0, timeMs: 0 }
const cases: readonly (readonly [fields: ReportFields, observations: Uint8Array[]])[] = [
  [fields, []],
  [{ ...fields, device: 7, epoch: 12, sequence: 3, timeMs: 1_767_225_600_000 }, [ascii('one observation')]],
  [{ ...fields, device: 8, epoch: 12, sequence: 4, timeMs: 1_767_225_600_001 }, observationsOf(2)],
  [{ ...fields, device: 9, epoch: 12, sequence: 5, timeMs: 1_767_225_600_002 }, observationsOf(3)],
  [
    {
      network: vectorNetwork,
      device: 0xffff_ffff,
      epoch: 0xffff_ffff,
      sequence: 0xffff_ffff,
      timeMs: Number.MAX_SAFE_INTEGER,
    },
    observationsOf(5),
  ],
]

/** Spec 2: reports, their parts and hashes, body roots, and bytes that are no report. */
export async function generate(): Promise<GeneratedFile[]> {
  return [
    vectorFile('report', {
      reports: cases.map(([given, observations]) => describeReport(given, observations)),
      bodies: [0, 1, 2, 3, 5].map((count) => describeBody(observationsOf(count))),
      refused: describeRefused(),
    }),
  ]
}

function describeReport(given: ReportFields, observations: readonly Uint8Array[]) {
  const { key, sign } = vectorKeys.device
  const { bytes, report } = buildReport(given, observations, sign)
  return {
    network: report.header.network,
    device: String(report.header.device),
    epoch: String(report.header.epoch),
    sequence: String(report.header.sequence),
    timeMs: String(report.header.timeMs),
    count: String(report.header.count),
    bodyRoot: toHex(report.header.bodyRoot),
    headerBytes: toHex(report.headerBytes),
    signedContent: toHex(signedContent(report.headerBytes)),
    reportHash: toHex(reportHash(report.headerBytes, sha256)),
    signature: toHex(report.signature),
    recordHash: toHex(recordHash(report.headerBytes, report.signature, sha256)),
    x: toHex(key.x),
    y: toHex(key.y),
    keyHash: toHex(keyHash(key)),
    observations: observations.map(toHex),
    report: toHex(bytes),
  }
}

function describeBody(observations: readonly Uint8Array[]) {
  return {
    count: String(observations.length),
    observations: observations.map(toHex),
    leaves: observations.map((observation) => toHex(bodyLeaf(observation))),
    root: toHex(bodyRoot(observations)),
  }
}

/** Each is a good report with one thing wrong. Offsets: header at 10, signature at 95, body at 159. */
function describeRefused() {
  const { bytes } = buildReport(cases[1]![0], cases[1]![1], vectorKeys.device.sign)
  const replace = (offset: number, length: number, ...by: number[]) =>
    Uint8Array.from([...bytes.slice(0, offset), ...by, ...bytes.slice(offset + length)])
  const refused: readonly (readonly [why: string, bytes: Uint8Array])[] = [
    ['nothing', new Uint8Array()],
    ['cut off in the signature', bytes.slice(0, 120)],
    ['cut off in an observation', bytes.slice(0, -1)],
    ['a byte too many', replace(bytes.length, 0, 0)],
    ['no COSE_Sign1 tag', replace(1, 1)],
    ['an unprotected header', replace(7, 1, 0xa1, 0x04, 0x40)],
    ['array of two with its length in two bytes', replace(0, 1, 0x98, 2)],
    ['body with its length in two bytes', replace(159, 1, 0x98, 1)],
    ['body of indefinite length', replace(159, 1, 0x9f)],
    ['observation with its length in two bytes', replace(160, 1, 0x58, 15)],
    ['observation of text', replace(160, 1, 0x6f)],
    ['version 2', replace(10, 1, 2)],
    ['time of 2^53 ms', replace(51, 8, 0, 0x20, 0, 0, 0, 0, 0, 0)],
    ['header counts 2', replace(60, 1, 2)],
    ['header counts 1025', replace(59, 2, 4, 1)],
    ['observation of 1025 bytes', replace(160, 1, 0x59, 4, 1)],
  ]
  return refused.map(([why, report]) => ({
    why,
    code: refusalOf(report),
    report: toHex(report),
  }))
}

function refusalOf(report: Uint8Array): string {
  try {
    parseReport(report)
  } catch (error) {
    return (error as ReportError).code
  }
  throw new Error('A report that should be refused was parsed. Correct the vector or the parser.')
}
