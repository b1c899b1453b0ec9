import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recoverReceiptSigner } from '@cairn/chain'
import { parseReport, type Receipt, receiptHolds, recordHash, toHex } from '@cairn/protocol'
import { fetchEvidence, httpFetch } from '@cairn/recompute'
import { fileObjectStore, sha256 } from '@cairn/runtime'
import type { ProcessNetwork } from '@cairn/testing'
import type { NetworkView } from './network-view.ts'

/** What became of acknowledged reports. */
export interface EvidenceCheck {
  readonly acknowledged: number
  readonly commitments: number
  /** Receipts whose report does not stand at its index in what was committed: none, or a promise was broken. */
  readonly lost: readonly { readonly epoch: number; readonly index: number; readonly why: string }[]
}

/** Holds every receipt against the published segments of the commitment that the chain has. */
export async function checkEvidence(
  receipts: readonly Receipt[],
  { net, view }: { net: ProcessNetwork; view: NetworkView },
): Promise<EvidenceCheck> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-crash-evidence-'))
  const urls = (['ingest', 'verifier-1', 'verifier-2', 'verifier-3'] as const).map(net.urlOf)
  const sources = {
    network: net.network,
    urls,
    fetchBytes: httpFetch(),
    segments: fileObjectStore(join(folder, 'segments')),
    manifests: fileObjectStore(join(folder, 'manifests')),
    sha256,
  }
  const lost: { epoch: number; index: number; why: string }[] = []
  const { slots } = view.followed.history
  const byEpoch = Map.groupBy(receipts, ({ group }) => group.epoch)
  try {
    for (const [epoch, some] of byEpoch) {
      const slot = slots.list.find((slot) => slot.epoch === epoch)
      const records =
        slot === undefined
          ? []
          : (await fetchEvidence(slot, sources)).map((bytes) => {
              const { headerBytes, signature } = parseReport(bytes)
              return toHex(recordHash(headerBytes, signature, sha256))
            })
      for (const receipt of some) {
        const why = await brokenBy(receipt, records, view)
        if (why !== undefined) lost.push({ epoch, index: receipt.index, why })
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return { acknowledged: receipts.length, commitments: byEpoch.size, lost }
}

const signers = new Map<string, string>()

async function brokenBy(
  receipt: Receipt,
  records: readonly string[],
  { deployment, addressOf }: NetworkView,
): Promise<string | undefined> {
  const { index, signature } = receipt
  if (records.length === 0) return 'its epoch has no commitment'
  if (records[index] !== receipt.recordHash) return 'another report, or none, stands at its index'
  if (!receiptHolds(receipt)) return 'the receipt does not hold'
  const signer = signers.get(signature) ?? (await recoverReceiptSigner(deployment, receipt)).toLowerCase()
  signers.set(signature, signer)
  return signer === addressOf('ingest') ? undefined : `the receipt is signed by ${signer}`
}
