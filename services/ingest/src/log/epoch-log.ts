import { parseSignedHeader, recordHash } from '@cairn/protocol'
import { isMissing, sha256 } from '@cairn/runtime'
import { createEpochIndex, type EpochIndex } from './epoch-index.ts'
import { createGroupWriter, type GroupWriter, type GroupWriterOptions } from './group-writer.ts'
import { openLogFile } from './log-file.ts'
import { type LogEnd, readLog } from './read-log.ts'
import { createReceiptIssuer, type ReceiptIssuer, type ReceiptIssuerOptions } from './receipt-issuer.ts'

/** An epoch's log, open for writing: what is in it, and the receipts for it. */
export interface EpochLog {
  readonly epoch: number
  readonly index: EpochIndex
  readonly writer: GroupWriter
  readonly receipts: ReceiptIssuer
  /** What was cut off when it was opened, in bytes. */
  readonly tornBytes: number
  /** From the moment it is sealed, nothing is added. */
  isClosed: boolean
}

/** What an {@link EpochLog} needs. */
export interface EpochLogOptions
  extends Omit<GroupWriterOptions, 'file' | 'count'>,
    Omit<ReceiptIssuerOptions, 'index'> {
  readonly path: string
}

/**
 * Opens the log of an epoch: rebuilds from the file what is kept in memory, and cuts off a torn tail. A file that is missing is
 * made when it is asked for the first time.
 *
 * @throws EvidenceError (`corrupt_log`) when the file is damaged
 */
export async function openEpochLog(options: EpochLogOptions): Promise<EpochLog> {
  const { index, validBytes, tornBytes } = await recoverLog(options.path, options.epoch)
  const file = await openLogFile(options.path, validBytes)
  const writer = createGroupWriter({
    ...options,
    file,
    count: index.durable,
    onDurable: (group) => {
      index.closeGroup(group.count)
      options.onDurable(group)
    },
  })
  const receipts = createReceiptIssuer({ ...options, index })
  return { epoch: options.epoch, index, writer, receipts, tornBytes, isClosed: false }
}

/**
 * Rebuilds an epoch's index from its log: identities, hashes, group boundaries. A file that is missing is an empty log.
 *
 * @throws EvidenceError (`corrupt_log`) when the log is damaged
 */
export async function recoverLog(path: string, epoch: number): Promise<LogEnd & { index: EpochIndex }> {
  const index = createEpochIndex()
  const groups = readLog(path, epoch)
  try {
    for (;;) {
      const next = await groups.next()
      if (next.done === true) return { index, ...next.value }
      for (const bytes of next.value.reports) {
        const { header, headerBytes, signature } = parseSignedHeader(bytes)
        const hash = recordHash(headerBytes, signature, sha256)
        index.add({ device: header.device, sequence: header.sequence, hash, sizeBytes: bytes.length })
      }
      index.closeGroup(next.value.reports.length)
    }
  } catch (error) {
    if (isMissing(error)) return { index, validBytes: 0, tornBytes: 0 }
    throw error
  }
}
