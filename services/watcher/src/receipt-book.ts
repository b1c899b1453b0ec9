import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { SignedGroupCommit } from '@cairn/chain'
import { BaseError, type Hex, parseReceipt, type Receipt, receiptHolds } from '@cairn/protocol'
import type { Logger } from '@cairn/runtime'

/** An ingest's receipts of one epoch. */
export interface IngestReceipts {
  readonly epoch: number
  /** Lower case. */
  readonly ingest: Hex
  readonly receipts: readonly Receipt[]
  /** Two signed group commits that can not both be kept; undefined while the ingest did not contradict itself. */
  readonly contradiction: readonly [SignedGroupCommit, SignedGroupCommit] | undefined
}

/** Why a receipt was not taken. */
export interface Refusal {
  readonly at: number
  readonly code: string
  readonly message: string
}

/** Receipts that agents gave, each checked before it is kept. */
export interface ReceiptBook {
  /** Takes what holds, and says of the rest why not. What is known already is taken again for free. */
  add(given: readonly unknown[]): Promise<{ readonly taken: number; readonly refused: readonly Refusal[] }>
  readonly all: Iterable<IngestReceipts>
  /** Reads what an earlier run kept. */
  load(): Promise<void>
  /** Forgets epochs before `epoch`. */
  prune(epoch: number): Promise<void>
  readonly count: number
}

export interface ReceiptBookOptions {
  readonly folder: string
  readonly network: string
  /** Whose signature it is. Rejects for one that is none. */
  readonly recover: (receipt: Receipt) => Promise<Hex>
  /** Whether there is anything to win from this ingest. */
  readonly isBonded: (ingest: Hex) => boolean
  /** Epochs whose receipts are taken. */
  readonly isCurrent: (epoch: number) => boolean
  /** Receipts kept in one epoch, at most. */
  readonly mostPerEpoch: number
  readonly log: Logger
}

interface Page {
  readonly epoch: number
  readonly ingest: Hex
  readonly receipts: Receipt[]
  readonly keys: Set<string>
  readonly groups: SignedGroupCommit[]
  contradiction: [SignedGroupCommit, SignedGroupCommit] | undefined
}

/** A receipt that does not hold. Codes: `wrong_network`, `wrong_epoch`, `broken_path`, `bad_signature`, `not_bonded`, `epoch_full`. */
class RefusedError extends BaseError {}

/** Makes an empty book over a folder: one file of JSON lines for each epoch. */
export function createReceiptBook(options: ReceiptBookOptions): ReceiptBook {
  const { folder, mostPerEpoch, log } = options
  const pages = new Map<string, Page>()
  const perEpoch = new Map<number, number>()
  const pathOf = (epoch: number) => join(folder, `${epoch}.ndjson`)

  const take = async (receipt: Receipt): Promise<boolean> => {
    const ingest = await check(receipt, options)
    const { epoch } = receipt.group
    const page = pages.get(`${epoch}/${ingest}`) ?? newPage(epoch, ingest)
    const key = `${receipt.index}/${receipt.group.first}/${receipt.group.count}/${receipt.group.batchRoot}`
    if (page.keys.has(key)) return false
    const count = perEpoch.get(epoch) ?? 0
    if (count >= mostPerEpoch)
      throw refused('epoch_full', `${count} receipts of epoch ${epoch} are kept already.`)
    perEpoch.set(epoch, count + 1)
    pages.set(`${epoch}/${ingest}`, page)
    page.keys.add(key)
    page.receipts.push(receipt)
    notice(page, receipt)
    return true
  }
  const addAll = async (given: readonly unknown[]) => {
    const taken: Receipt[] = []
    const refusals: Refusal[] = []
    for (const [at, value] of given.entries()) {
      try {
        const receipt = parseReceipt(value)
        if (await take(receipt)) taken.push(receipt)
      } catch (error) {
        if (!(error instanceof BaseError)) throw error
        refusals.push({ at, code: error.code, message: error.message.split('\n')[0]! })
      }
    }
    return { taken, refusals }
  }
  return {
    get all() {
      return pages.values()
    },
    get count() {
      return [...perEpoch.values()].reduce((sum, count) => sum + count, 0)
    },
    async add(given) {
      const { taken, refusals } = await addAll(given)
      if (taken.length > 0) await mkdir(folder, { recursive: true })
      for (const [epoch, receipts] of Map.groupBy(taken, ({ group }) => group.epoch)) {
        await appendFile(pathOf(epoch), receipts.map((receipt) => `${JSON.stringify(receipt)}\n`).join(''))
      }
      return { taken: given.length - refusals.length, refused: refusals }
    },
    async load() {
      await mkdir(folder, { recursive: true })
      for (const file of await readdir(folder)) {
        const path = join(folder, file)
        const lines = (await readFile(path, 'utf8')).split('\n')
        // A line torn by a crash must not take the next one with it.
        if (lines.at(-1) !== '') await appendFile(path, '\n')
        const { taken, refusals } = await addAll(lines.flatMap(parseLine))
        log.info({ file, taken: taken.length, refused: refusals.length }, 'read receipts of an earlier run')
      }
    },
    async prune(epoch) {
      for (const [key, page] of pages) if (page.epoch < epoch) pages.delete(key)
      for (const old of perEpoch.keys()) {
        if (old >= epoch) continue
        perEpoch.delete(old)
        await rm(pathOf(old), { force: true })
      }
    },
  }
}

function newPage(epoch: number, ingest: Hex): Page {
  return { epoch, ingest, receipts: [], keys: new Set(), groups: [], contradiction: undefined }
}

/** A line that was torn by a crash is no receipt. */
function parseLine(line: string): unknown[] {
  try {
    return line === '' ? [] : [JSON.parse(line)]
  } catch {
    return []
  }
}

async function check(receipt: Receipt, options: ReceiptBookOptions): Promise<Hex> {
  const { network, epoch } = receipt.group
  if (network !== options.network) throw refused('wrong_network', `The receipt is for network ${network}.`)
  if (!options.isCurrent(epoch))
    throw refused('wrong_epoch', `Epoch ${epoch} is too old, or has not begun, to keep a receipt of it.`)
  if (!receiptHolds(receipt))
    throw refused('broken_path', 'The path does not lead from the report to the batch root that was signed.')
  const ingest = await options.recover(receipt).catch((cause: unknown) => {
    throw refused('bad_signature', 'The signature is none.', cause)
  })
  const lower = ingest.toLowerCase() as Hex
  if (!options.isBonded(lower))
    throw refused('not_bonded', `${ingest} has no bond as an ingest of this network.`)
  return lower
}

/** Keeps each group commit once, and the first pair that overlaps and differs. */
function notice(page: Page, { group, signature }: Receipt): void {
  const { first, count, batchRoot } = group
  const overlapping = page.groups.filter(
    ({ group: other }) => first < other.first + other.count && other.first < first + count,
  )
  const isKnown = overlapping.some(
    ({ group: other }) => other.first === first && other.count === count && other.batchRoot === batchRoot,
  )
  if (isKnown) return
  const [other] = overlapping
  if (other !== undefined) page.contradiction ??= [other, { group, signature }]
  page.groups.push({ group, signature })
}

function refused(code: string, message: string, cause?: unknown): RefusedError {
  const fix = 'Give receipts as the ingest gave them, of the last epochs of this network.'
  return new RefusedError({ code, message, fix, cause })
}
