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
  /** Fetches what is sealed, not skipped and not here yet. Returns what nobody gave. */
  fetchMissing(isSealed: (slot: SlotEntry) => boolean): Promise<SlotEntry[]>
  /** The segment ids of an evidence root. */
  manifest(root: Hex): Promise<readonly Hex[] | undefined>
  segment(id: Hex): Promise<Uint8Array | undefined>
  /** Deletes the evidence of epochs before `epoch`. */
  prune(epoch: number): Promise<void>
}

/** Opens the folder `evidence` of `dataDir`. */
export function createEvidenceMirror(options: EvidenceMirrorOptions): EvidenceMirror {
  const { network, history, fetchBytes, sha256, log } = options
  const segments = fileObjectStore(join(options.dataDir, 'evidence', 'segments'))
  const manifests = fileObjectStore(join(options.dataDir, 'evidence', 'manifests'))
  const held = new Set<Hex>()
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
    return reports
  }
  const reportsOf = (slot: SlotEntry) => {
    const known = inFlight.get(slot.root)
    if (known !== undefined) return known
    const begun = fetch(slot).finally(() => inFlight.delete(slot.root))
    inFlight.set(slot.root, begun)
    return begun
  }
  return {
    reportsOf,
    manifest,
    segment: (id) => segments.get(id),
    async fetchMissing(isSealed) {
      const missing: SlotEntry[] = []
      for (const slot of history.slots.list) {
        if (slot.skipped || held.has(slot.root) || slot.epoch < pruned || !isSealed(slot)) continue
        try {
          await reportsOf(slot)
        } catch (error) {
          log.debug({ err: error, slot: slot.slot }, 'nobody gives this evidence yet')
          missing.push(slot)
        }
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

/** Who sealed it first, then everybody else. */
function sourcesOf(
  { stakes }: NetworkHistory,
  { ingest }: SlotEntry,
  options: EvidenceMirrorOptions,
): string[] {
  const ingests = stakes.endpoints('ingest')
  const own = ingests.filter(({ holder }) => holder === ingest)
  const all = [...own, ...ingests, ...stakes.endpoints('verifier')].map(({ url }) => url)
  const urls = [...all, ...options.sources].map((url) => url.replace(/\/+$/, ''))
  return [...new Set(urls)].filter((url) => url !== options.self && /^https?:\/\//.test(url))
}
