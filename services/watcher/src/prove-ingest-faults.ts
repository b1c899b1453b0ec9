import { attestEnd, proveEquivocation, proveOmission, type SlotEntry, sealEnd } from '@cairn/chain'
import {
  evidenceLeaf,
  evidenceTree,
  type Hex,
  parseReport,
  type Receipt,
  recordHash,
  type Sha256,
  toHex,
} from '@cairn/protocol'
import { type NetworkSession, UnavailableError } from '@cairn/recompute'
import { announceThenSend } from './announce.ts'
import { chainStoodStill } from './chain-stood-still.ts'
import type { IngestReceipts, ReceiptBook } from './receipt-book.ts'

/** What proving needs beside the receipts. */
export interface IngestFaultOptions {
  readonly secret: Uint8Array
  readonly sha256: Sha256
  /** Receipts that the committed evidence honours; added to. */
  readonly honoured: WeakSet<Receipt>
  /** Receipts of epochs in whose sealing the chain made no blocks; added to. */
  readonly excused: WeakSet<Receipt>
}

/** A receipt that was not honoured, and what stands in the place of its report. */
interface Omission {
  readonly receipt: Receipt
  readonly standing?: { readonly leaf: Hex; readonly path: readonly Hex[] }
}

/** Holds every ingest to its receipts: kind 8 at once, kind 7 when sealing is over, or where nothing was committed when nothing can be any more. */
export async function proveIngestFaults(
  session: NetworkSession,
  book: ReceiptBook,
  options: IngestFaultOptions,
): Promise<void> {
  const { history, deployment, log } = session
  for (const page of book.all) {
    const { ingest, epoch, contradiction } = page
    if (history.stakes.slashableOf('ingest', ingest) === 0n) continue
    if (contradiction !== undefined) {
      const [a, b] = contradiction
      log.warn({ ingest, epoch }, 'this ingest signed two group commits over the same indexes; proves it')
      await announceThenSend(session, options.secret, (salt) => proveEquivocation(deployment, { a, b, salt }))
      continue
    }
    if (session.now < sealEnd(history.timeline, epoch)) continue
    const omission = await findOmission(session, page, options).catch((error: unknown) => {
      if (!(error instanceof UnavailableError)) throw error
      log.debug({ ingest, epoch }, 'nobody gives the evidence that receipts are held against')
      return undefined
    })
    if (omission === undefined) continue
    log.warn(
      { ingest, epoch, index: omission.receipt.index },
      'this ingest left out a report it gave a receipt for; proves it',
    )
    await announceThenSend(session, options.secret, (salt) =>
      proveOmission(deployment, { ...omission, salt }),
    )
  }
}

async function findOmission(
  session: NetworkSession,
  { ingest, epoch, receipts }: IngestReceipts,
  { sha256, honoured, excused }: IngestFaultOptions,
): Promise<Omission | undefined> {
  const unchecked = receipts.filter((receipt) => !honoured.has(receipt) && !excused.has(receipt))
  if (unchecked.length === 0) return undefined
  // The first slot speaks for all: a deferred commitment has the same root in its later ones.
  const slot = session.history.slots.list.find(
    (slot) => slot.epoch === epoch && slot.ingest.toLowerCase() === ingest,
  )
  if (slot === undefined && session.now < attestEnd(session.history.timeline, epoch)) return undefined
  if (slot === undefined && (await chainStoodStill(session, epoch))) {
    for (const receipt of unchecked) excused.add(receipt)
    session.log.warn(
      { ingest, epoch },
      'the chain stood still while this was to be committed: nobody is to blame',
    )
    return undefined
  }
  const beyond = unchecked.find(({ index }) => slot === undefined || index >= slot.count)
  if (slot === undefined || beyond !== undefined) return beyond && { receipt: beyond }
  const records = await recordsOf(session, slot, sha256)
  for (const receipt of unchecked) {
    const { index } = receipt
    const record = records.subarray(32 * index, 32 * index + 32)
    if (toHex(record) === receipt.recordHash) {
      honoured.add(receipt)
      continue
    }
    const path = evidenceTree(records).proof(index).map(toHex)
    return { receipt, standing: { leaf: toHex(evidenceLeaf(record)), path } }
  }
  return undefined
}

/** Record hashes of a commitment in index order. @throws UnavailableError while nobody gives the evidence */
async function recordsOf(session: NetworkSession, slot: SlotEntry, sha256: Sha256): Promise<Uint8Array> {
  const reports = await session.evidence.reportsOf(slot)
  const records = new Uint8Array(32 * reports.length)
  reports.forEach((bytes, i) => {
    const { headerBytes, signature } = parseReport(bytes)
    records.set(recordHash(headerBytes, signature, sha256), 32 * i)
  })
  return records
}
