import { join } from 'node:path'
import type { NetworkHistory, SlotEntry } from '@cairn/chain'
import type { Hex, NetworkId, Sha256 } from '@cairn/protocol'
import { fileObjectStore, type Logger } from '@cairn/runtime'
import { type FetchBytes, fetchEvidence } from '../fetch-evidence.ts'

export interface EvidenceMirrorOptions {
  readonly network: NetworkId
  readonly history: NetworkHistory
  readonly dataDir: string
  readonly fetchBytes: FetchBytes
  readonly sha256: Sha256
  /** Base URLs beside those that ingests and verifiers announced on chain. */
  readonly sources: readonly string[]
  /** Not asked: it would ask itself. */
  readonly self: string | undefined
  readonly log: Logger
}

/** The evidence of a network on one's own disk, checked down to the committed roots. */
export interface EvidenceMirror {
  /** The reports of a commitment, from here or from whoever has them. @throws UnavailableError */
  reportsOf(slot: SlotEntry): Promise<readonly Uint8Array[]>
  /**
   * Fetches what is sealed, not skipped and not here yet; what nobody gave is asked for again after a while that doubles, up to a minute.
   *
   * @param now Unix seconds of block time
   * @returns what nobody gave
   */
  fetchMissing(isSealed: (slot: SlotEntry) => boolean, now: number): Promise<SlotEntry[]>
  /** The segment ids of an evidence root. */
  manifest(root: Hex): Promise<readonly Hex[] | undefined>
  segment(id: Hex): Promise<Uint8Array | undefined>
  /** Deletes the evidence of epochs before `epoch`. */
  prune(epoch: number): Promise<void>
}

/** Seconds. */
const LONGEST_WAIT = 60

/** Opens the folder `evidence` of `dataDir`. */
export function createEvidenceMirror(options: EvidenceMirrorOptions): EvidenceMirror {
  const { network, history, fetchBytes, sha256, log } = options
  const segments = fileObjectStore(join(options.dataDir, 'evidence', 'segments'))
  const manifests = fileObjectStore(join(options.dataDir, 'evidence', 'manifests'))
  const held = new Set<Hex>()
  const failed = new Map<Hex, { readonly times: number; readonly nextAt: number }>()
  const inFlight = new Map<Hex, Promise<readonly Uint8Array[]>>()
  let pruned = 0

  const manifest = async (root: Hex): Promise<readonly Hex[] | undefined> => {
    const bytes = await manifests.get(root)
    return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as { segments: Hex[] }).segments
  }
  const fetch = async (slot: SlotEntry) => {
    const urls = sourcesOf(history, slot, options)
    const reports = await fetchEvidence(slot, { network, urls, fetchBytes, segments, manifests, sha256 })
    if (!held.has(slot.root))
      log.info({ slot: slot.slot, epoch: slot.epoch, reports: reports.length }, 'holds the evidence')
    held.add(slot.root)
    failed.delete(slot.root)
    return reports
  }
  const reportsOf = (slot: SlotEntry) => {
    const known = inFlight.get(slot.root)
    if (known !== undefined) return known
    const begun = fetch(slot).finally(() => inFlight.delete(slot.root))
    inFlight.set(slot.root, begun)
    return begun
  }
  /** Whether every part is here. What is in the parts was checked when they came, and is again when they are used. */
  const isStored = async (root: Hex): Promise<boolean> => {
    const ids = await manifest(root)
    if (ids === undefined) return false
    for (const id of ids) if (!(await segments.has(id))) return false
    return true
  }
  const tryFetch = async (slot: SlotEntry, now: number, times: number): Promise<boolean> => {
    try {
      await reportsOf(slot)
      return true
    } catch (error) {
      failed.set(slot.root, { times: times + 1, nextAt: now + Math.min(2 ** times, LONGEST_WAIT) })
      log.debug({ err: error, slot: slot.slot }, 'nobody gives this evidence yet')
      return false
    }
  }
  return {
    reportsOf,
    manifest,
    segment: (id) => segments.get(id),
    async fetchMissing(isSealed, now) {
      const missing: SlotEntry[] = []
      for (const slot of history.slots.list) {
        if (slot.skipped || held.has(slot.root) || slot.epoch < pruned || !isSealed(slot)) continue
        const before = failed.get(slot.root)
        if (before !== undefined && now < before.nextAt) missing.push(slot)
        else if (await isStored(slot.root)) held.add(slot.root)
        else if (!(await tryFetch(slot, now, before?.times ?? 0))) missing.push(slot)
      }
      return missing
    },
    async prune(epoch) {
      const old = history.slots.list.filter((slot) => slot.epoch >= pruned && slot.epoch < epoch)
      pruned = Math.max(pruned, epoch)
      for (const { root } of old) {
        for (const id of (await manifest(root)) ?? []) await segments.delete(id)
        await manifests.delete(root)
      }
    },
  }
}

/** Who sealed it first, though it may have been slashed since; then everybody else. */
function sourcesOf(
  { stakes }: NetworkHistory,
  { ingest }: SlotEntry,
  options: EvidenceMirrorOptions,
): string[] {
  const own = stakes.urlOf('ingest', ingest)
  const others = [...stakes.endpoints('ingest'), ...stakes.endpoints('verifier')].map(({ url }) => url)
  const all = [...(own === undefined ? [] : [own]), ...others, ...options.sources]
  const urls = all.map((url) => url.replace(/\/+$/, ''))
  return [...new Set(urls)].filter((url) => url !== options.self && /^https?:\/\//.test(url))
}
