import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildReport, parseNetworkId, type ReportFields } from '@cairn/protocol'
import { createLogger, type DeviceSigner, deviceSigner, generateDevicePrivateKey } from '@cairn/runtime'
import type { ChainPort, Commitment, IngestTimeline } from './chain-port.ts'
import { epochStartMs } from './epoch-times.ts'

/** What tests of the ingest share: a chain in memory, devices, signed reports. */

export const network = parseNetworkId(`0x${'5a'.repeat(28)}`)
export const timeline: IngestTimeline = {
  genesisMs: 1_000_000,
  epochMs: 60_000,
  sealMs: 20_000,
  lateMs: 30_000,
}
export const signingKey = new Uint8Array(32).fill(7)
export const quiet = createLogger({ name: 'test', level: 'silent' })

/** A chain in memory that knows some devices and keeps commitments. */
export interface FakeChain extends ChainPort {
  readonly commitments: Map<number, Commitment>
  readonly revoked: Set<number>
  readonly captured: Set<number>
  /** Set, every call fails with it. */
  outage: Error | undefined
  /** Calls that failed. */
  refusals: number
}

export function fakeChain(
  devices: readonly Pick<DeviceSigner, 'key'>[],
  options: Partial<Pick<ChainPort, 'timeline'>> & { capacity?: { reports: number; bytes: number } } = {},
): FakeChain {
  const commitments = new Map<number, Commitment>()
  const revoked = new Set<number>()
  const captured = new Set<number>()
  const chain: FakeChain = {
    network,
    domain: { chainId: 31_337, verifyingContract: `0x${'c0'.repeat(20)}` },
    timeline: options.timeline ?? timeline,
    commitments,
    revoked,
    captured,
    outage: undefined,
    refusals: 0,
    async snapshot() {
      requireUp(chain)
      return {
        deviceCount: devices.length,
        device: (index) => {
          const device = devices[index]
          return device && { key: device.key, revoked: revoked.has(index) }
        },
      }
    },
    capacity: async () => options.capacity ?? { reports: 1_000_000, bytes: 2 ** 40 },
    async committed(epoch) {
      requireUp(chain)
      return commitments.get(epoch)
    },
    async commit(commitment) {
      requireUp(chain)
      commitments.set(commitment.epoch, commitment)
    },
    async captureBeacon(epoch) {
      captured.add(epoch)
    },
  }
  return chain
}

function requireUp(chain: FakeChain): void {
  if (chain.outage === undefined) return
  chain.refusals++
  throw chain.outage
}

export const makeDevices = (count: number): DeviceSigner[] =>
  Array.from({ length: count }, () => deviceSigner(generateDevicePrivateKey()))

/** A report of `device` with observations of two bytes; fields given replace the usual ones. */
export function signReport(
  signer: DeviceSigner,
  fields: Partial<ReportFields> & { readonly observations?: readonly Uint8Array[] } = {},
): Uint8Array {
  const { observations = [Uint8Array.of(1, 2)], ...header } = fields
  const epoch = header.epoch ?? 0
  const timeMs = epochStartMs(timeline, epoch) + 1
  return buildReport({ network, device: 0, epoch, sequence: 0, timeMs, ...header }, observations, signer.sign)
    .bytes
}

/** The body of a request. */
export function joinBatch(reports: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const parts = reports.flatMap((report) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(report.length)
    return [length, report]
  })
  return new Uint8Array(Buffer.concat(parts))
}

/** A folder that is removed after the test. Pass vitest's `onTestFinished`. */
export async function temporaryFolder(onTestFinished: (end: () => Promise<void>) => void): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-ingest-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}
