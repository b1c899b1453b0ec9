import { fromHex, toHex } from '../hex.ts'
import { NETWORK_ID_BYTES, type NetworkId } from '../identity.ts'
import { readU32, writeU32 } from '../u32.ts'
import { malformedReport, type ReportError, tooManyObservations, wrongVersion } from './report-error.ts'
import { HEADER_BYTES, REPORT_LIMITS, REPORT_VERSION } from './report-limits.ts'

/** What a device signs, spec 2. Integers are u32 unless another width is given. */
export interface ReportHeader {
  readonly network: NetworkId
  /** Device index. */
  readonly device: number
  /** The epoch the report counts in. */
  readonly epoch: number
  /** Chosen by the device, unique within (device, epoch). */
  readonly sequence: number
  /** The device's clock in ms, below 2^53. */
  readonly timeMs: number
  /** Observations in the body, at most 1 024. */
  readonly count: number
  /** Root of the body tree, 32 bytes. */
  readonly bodyRoot: Uint8Array
}

const at = { version: 0, network: 1, device: 29, epoch: 33, sequence: 37, time: 41, count: 49, bodyRoot: 51 }

/**
 * The 83 bytes of a header.
 *
 * @throws ReportError (`malformed_report`, `too_many_observations`) when a field does not fit its width.
 */
export const encodeHeader = (header: ReportHeader): Uint8Array => {
  const network = fromHex(header.network)
  if (network.length !== NETWORK_ID_BYTES) throw malformedReport(at.network, 'a network id of 28 bytes')
  if (header.bodyRoot.length !== 32) throw malformedReport(at.bodyRoot, 'a body root of 32 bytes')
  requireInteger(header.timeMs, Number.MAX_SAFE_INTEGER, 'timeMs', at.time)
  requireInteger(header.count, 0xffff, 'count', at.count)
  if (header.count > REPORT_LIMITS.observations) throw tooMany(header.count)
  const bytes = new Uint8Array(HEADER_BYTES)
  bytes[at.version] = REPORT_VERSION
  bytes.set(network, at.network)
  for (const field of ['device', 'epoch', 'sequence'] as const) {
    requireInteger(header[field], 0xffff_ffff, field, at[field])
    writeU32(bytes, at[field], header[field])
  }
  writeU32(bytes, at.time, Math.floor(header.timeMs / 2 ** 32))
  writeU32(bytes, at.time + 4, header.timeMs)
  bytes[at.count] = header.count >>> 8
  bytes[at.count + 1] = header.count
  bytes.set(header.bodyRoot, at.bodyRoot)
  return bytes
}

/**
 * The fields of a header. `bodyRoot` is a view of `bytes`.
 *
 * @throws ReportError: `wrong_version`; `too_many_observations`; `malformed_report` for another length or a time of
 *   2^53 ms or later, which no clock shows and no number holds.
 */
export const parseHeader = (bytes: Uint8Array): ReportHeader => {
  requireHeader(bytes)
  const timeHigh = readU32(bytes, at.time)
  if (timeHigh >= 2 ** 21) throw malformedReport(at.time, 'a time below 2^53 ms')
  return {
    network: readNetwork(bytes),
    device: readU32(bytes, at.device),
    epoch: readU32(bytes, at.epoch),
    sequence: readU32(bytes, at.sequence),
    timeMs: timeHigh * 2 ** 32 + readU32(bytes, at.time + 4),
    count: readCount(bytes),
    bodyRoot: bytes.subarray(at.bodyRoot, HEADER_BYTES),
  }
}

/** How many observations the header counts. Cheaper than parsing all of it. */
export const readCount = (header: Uint8Array): number => (header[at.count]! << 8) | header[at.count + 1]!

const requireHeader = (bytes: Uint8Array): void => {
  if (bytes.length !== HEADER_BYTES) {
    throw malformedReport(
      Math.min(bytes.length, HEADER_BYTES),
      `the end of a header of ${HEADER_BYTES} bytes`,
    )
  }
  if (bytes[at.version] !== REPORT_VERSION) throw wrongVersion(bytes[at.version]!, REPORT_VERSION)
  const count = readCount(bytes)
  if (count > REPORT_LIMITS.observations) throw tooMany(count)
}

/**
 * An ingest reads millions of headers of one network, and making the hex costs more than the rest of the header, so
 * the last id is kept. It changes how fast the answer comes, never which.
 */
const readNetwork = (header: Uint8Array): NetworkId => {
  for (let i = 0; i < NETWORK_ID_BYTES; i++) {
    if (header[at.network + i] === lastNetwork[i]) continue
    lastNetwork = header.slice(at.network, at.network + NETWORK_ID_BYTES)
    lastNetworkId = toHex(lastNetwork) as NetworkId
    break
  }
  return lastNetworkId
}

let lastNetwork = new Uint8Array(NETWORK_ID_BYTES)
let lastNetworkId = toHex(lastNetwork) as NetworkId

const tooMany = (count: number): ReportError => tooManyObservations(count, REPORT_LIMITS.observations)

const requireInteger = (value: number, most: number, field: string, offset: number): void => {
  if (Number.isInteger(value) && value >= 0 && value <= most) return
  throw malformedReport(offset, `${field}, an integer from 0 to ${most}, but it is ${value}`)
}
