import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseReceipt, type Receipt } from '@cairn/protocol'
import { isMissing } from '@cairn/runtime'
import { appendLines } from './append-file.ts'

/** A receipt and the ingest that gave it. */
export interface StoredReceipt {
  readonly ingest: string
  readonly receipt: Receipt
}

/** Receipts on disk, one file an epoch, one line a receipt. What challenges an ingest that drops what it acknowledged. */
export interface ReceiptStore {
  /** Durable when it resolves. */
  add(receipts: readonly StoredReceipt[]): Promise<void>
  /** Receipts of an epoch, each once; lines that are torn or damaged are left out. */
  read(epoch: number): Promise<StoredReceipt[]>
  /** Epochs with receipts, ascending. */
  epochs(): Promise<number[]>
  /** Removes the epochs before `first`. */
  removeBefore(first: number): Promise<void>
}

export function createReceiptStore(folder: string): ReceiptStore {
  const pathOf = (epoch: number): string => join(folder, `${epoch}.jsonl`)
  const epochs = async (): Promise<number[]> => {
    const names = await readdir(folder).catch((error) => {
      if (isMissing(error)) return []
      throw error
    })
    return names
      .flatMap((name) => (/^\d{1,10}\.jsonl$/.test(name) ? [Number.parseInt(name, 10)] : []))
      .sort((a, b) => a - b)
  }
  return {
    epochs,
    async add(receipts) {
      const byEpoch = Map.groupBy(receipts, ({ receipt }) => receipt.group.epoch)
      for (const [epoch, lines] of byEpoch) await appendLines(pathOf(epoch), lines)
    },
    async read(epoch) {
      const text = await readFile(pathOf(epoch), 'utf8').catch((error) => {
        if (isMissing(error)) return ''
        throw error
      })
      const found = text.split('\n').flatMap((line) => parseLine(line) ?? [])
      return [
        ...new Map(found.map((stored) => [`${stored.ingest} ${stored.receipt.recordHash}`, stored])).values(),
      ]
    },
    async removeBefore(first) {
      for (const epoch of await epochs()) if (epoch < first) await rm(pathOf(epoch), { force: true })
    },
  }
}

function parseLine(line: string): StoredReceipt | undefined {
  try {
    const { ingest, receipt } = JSON.parse(line) as { ingest: unknown; receipt: unknown }
    return typeof ingest === 'string' ? { ingest, receipt: parseReceipt(receipt) } : undefined
  } catch {
    return undefined
  }
}
