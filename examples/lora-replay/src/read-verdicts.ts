import type { ChainReader, FollowedNetwork } from '@cairn/chain'
import type { Sector } from '@cairn/protocol'
import { parseReport } from '@cairn/protocol'
import {
  chainView,
  createRecomputer,
  fetchEvidence,
  httpFetch,
  memoryStateStore,
  type NetworkView,
} from '@cairn/recompute'
import { createVerifyP256, fileObjectStore, sha256 } from '@cairn/runtime'
import type { PacketObservation } from '@cairn/sector-wireless'
import type { Settled } from '@cairn/settlement'

/** One observation of the sealed evidence, and what became of it. */
export interface JudgedObservation {
  readonly epoch: number
  readonly device: number
  readonly packet: PacketObservation
  /** 0: accepted. */
  readonly reason: number
  /** Units of work, all programs. */
  readonly work: bigint
}

/** A root as it was recomputed from published segments. */
export interface RecomputedRoot {
  /** As attested on chain. */
  readonly rootId: string
  readonly recomputedId: string
  readonly first: number
  readonly last: number
  readonly state: string
  readonly reports: number
  readonly work: bigint
}

export interface ReadVerdictsOptions {
  readonly followed: FollowedNetwork
  readonly reader: ChainReader
  readonly sectors: ReadonlyMap<string, Sector>
  /** Where segments are kept meanwhile. */
  readonly folder: string
}

/** Settles every standing root again from published segments, and tells what became of each observation in them. */
export async function readVerdicts(
  options: ReadVerdictsOptions,
): Promise<{ roots: RecomputedRoot[]; observations: JudgedObservation[]; evidenceCount: number }> {
  const { followed, reader, sectors, folder } = options
  const { history } = followed
  const reportsBySlot = new Map<number, readonly Uint8Array[]>()
  const sources = {
    network: history.network,
    urls: history.stakes.endpoints('ingest').map(({ url }) => url),
    fetchBytes: httpFetch(),
    segments: fileObjectStore(`${folder}/segments`),
    manifests: fileObjectStore(`${folder}/manifests`),
    sha256,
  }
  const view: NetworkView = chainView(history, reader)
  const recomputer = createRecomputer({
    view,
    means: { sectors, sha256, verifyP256: createVerifyP256() },
    reportsOf: async (slot) => {
      const reports = await fetchEvidence(slot, sources)
      reportsBySlot.set(slot.slot, reports)
      return reports
    },
    states: memoryStateStore(),
  })
  const roots: RecomputedRoot[] = []
  const observations: JudgedObservation[] = []
  for (const { rootId, root, state } of history.roots.standing) {
    const settled = await recomputer.settleAgain(root)
    const work = settled.root.workSums.reduce((sum, amount) => sum + amount, 0n)
    const { first, last } = root
    const reports = settled.job.invalid.length
    roots.push({ rootId, recomputedId: settled.rootId, first, last, state, reports, work })
    observations.push(...judgedOf(settled, reportsBySlot, view, sectors.get('wireless')!))
  }
  let evidenceCount = 0
  for (const reports of reportsBySlot.values())
    for (const report of reports) evidenceCount += parseReport(report).observations.length
  return { roots, observations, evidenceCount }
}

/** Bytes of a row of verdicts (spec 5): slot, index, observation, reason, then work by program. */
const ROW_BYTES = 60

function* judgedOf(
  { rows }: Settled,
  reportsBySlot: ReadonlyMap<number, readonly Uint8Array[]>,
  view: NetworkView,
  sector: Sector,
): Generator<JudgedObservation> {
  const epochs = new Map(view.slots().map(({ slot, epoch }) => [slot, epoch]))
  const table = new DataView(rows.bytes.buffer, rows.bytes.byteOffset, rows.bytes.byteLength)
  const parsed = new Map<Uint8Array, ReturnType<typeof parseReport>>()
  for (let at = 0; at < table.byteLength; at += ROW_BYTES) {
    const slot = table.getUint32(at)
    const bytes = reportsBySlot.get(slot)![table.getUint32(at + 4)]!
    const report = parsed.get(bytes) ?? parseReport(bytes)
    parsed.set(bytes, report)
    const work = [0, 1, 2, 3].reduce((sum, program) => sum + readWork(table, at + 12 + 12 * program), 0n)
    yield {
      epoch: epochs.get(slot)!,
      device: report.header.device,
      packet: sector.parse(
        report.observations[table.getUint16(at + 8)]!,
        sector.defaultParams,
      ) as PacketObservation,
      reason: table.getUint16(at + 10),
      work,
    }
  }
}

const readWork = (table: DataView, at: number): bigint =>
  (BigInt(table.getUint32(at)) << 64n) | table.getBigUint64(at + 4)
