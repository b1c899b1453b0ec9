import type { Clock } from '@cairn/runtime'
import type { ContentStore } from '../gateway/content/content-store.ts'
import { createByteBudget } from '../slab/byte-budget.ts'
import { createNetworkContentStore } from '../slab/network-content-store.ts'
import { createOperatorHealth } from '../slab/operator-health.ts'
import { type PlacementRules, placeRows } from '../slab/place-rows.ts'
import { SlabError } from '../slab/slab-error.ts'
import { openSlabIndex } from '../slab/slab-index.ts'
import { createSlabReader } from '../slab/slab-reader.ts'
import { createSlabWriter } from '../slab/slab-writer.ts'
import type { StorageOperator } from '../slab/storage-operator.ts'
import { createBundler } from './create-bundler.ts'
import { createEgressPayer } from './create-egress-payer.ts'
import { createOperatorDirectory } from './create-operator-directory.ts'
import { createRebuilder } from './create-rebuilder.ts'
import type { GatewayChain } from './gateway-chain.ts'
import { openEgressBook } from './open-egress-book.ts'
import type { OperatorSettings } from './operator-settings.ts'

/** What contents over operators need from outside. */
export interface OverOperatorsOptions {
  /** Of the index of slabs. */
  readonly folder: string
  readonly chain: GatewayChain
  /** 32 bytes. */
  readonly rootKey: Uint8Array
  readonly settings: OperatorSettings
  readonly clock: Clock
  readonly random: (count: number) => Uint8Array
  /** Told of what went wrong behind a call that was answered. */
  readonly onError: (error: unknown) => void
}

/** Contents with the operators of a customer's rails. */
export interface OverOperators {
  readonly content: ContentStore
  /** Begins to follow rails, and to bring rows under proof. */
  start(): void
  facts(): Readonly<Record<string, string>>
  /** Waits for what is under way. */
  close(): Promise<void>
}

/** Rows in memory at once. */
const budgetBytes = 256 * 2 ** 20

/**
 * Opens the index of slabs and finds the operators.
 *
 * @throws SlabError `too_few_operators` when a code was asked for that they cannot honour; what the chain did wrong
 */
export async function openOverOperators(options: OverOperatorsOptions): Promise<OverOperators> {
  const { folder, chain, rootKey, settings, clock, random, onError } = options
  const nowMs = () => clock.now()
  const book = openEgressBook(folder)
  const { paidRows } = createEgressPayer({ chain, book, nowMs, onError })
  const directory = createOperatorDirectory({ chain, nowMs, random, paidRows })
  const { code, rowsPerOperator, countries, bundleMs, rebuildMs, refreshMs } = settings
  const rules = {
    rowsPerOperator,
    countries: countries === undefined ? undefined : new Set(countries),
  }
  try {
    await directory.refresh()
    requirePlaces(directory.all(), code, rules)
  } catch (error) {
    directory.close()
    book.close()
    throw error
  }
  const health = createOperatorHealth(nowMs)
  const index = openSlabIndex(folder)
  const writer = createSlabWriter({
    ...{ directory, health, clock, rules, code, random },
    customer: chain.customer,
    budget: createByteBudget(budgetBytes),
    onStray: (slab, row, device) => index.addDeletions([{ slab, row, device }]),
  })
  const reader = createSlabReader({
    ...{ directory, health, clock },
    onWrongRow: (_slab, row, device) => onError(wrongRow(row, device)),
  })
  const content = createNetworkContentStore({ index, writer, reader, directory, rootKey, random, onError })
  const bundler = createBundler({ index, chain, bundleMs, nowMs, onError })
  const rebuilder = createRebuilder({
    ...{ index, reader, directory, health, clock, rules, random, onError },
    isGone: (device) => directory.silentMs(device) >= rebuildMs,
  })
  const ended = new AbortController()
  const follow = async () => {
    while (!ended.signal.aborted) {
      await directory.refresh().catch(onError)
      await bundler.step(directory.rails()).catch(onError)
      await rebuilder.pass(ended.signal).catch(onError)
      await content.sweep().catch(onError)
      await clock.sleep(refreshMs, ended.signal).catch(() => undefined)
    }
  }
  let following: Promise<void> | undefined
  return {
    content,
    start() {
      following ??= follow()
    },
    facts: () => ({ signer: chain.customer, operators: String(directory.all().length) }),
    async close() {
      ended.abort()
      await following
      await content.settled()
      directory.close()
      index.close()
      book.close()
    },
  }
}

/** Whoever does not answer now may later: what counts is how many there are. */
function requirePlaces(
  operators: readonly StorageOperator[],
  code: OperatorSettings['code'],
  rules: PlacementRules,
): void {
  if (code !== undefined) placeRows(operators.map(emptied), { rows: code.rows, rowBytes: 1, rules, seed: 0 })
}

const emptied = (operator: StorageOperator): StorageOperator => ({
  ...operator,
  freeBytes: Number.MAX_SAFE_INTEGER,
})

const wrongRow = (row: number, device: number): SlabError =>
  new SlabError({
    code: 'wrong_row',
    message: `Device ${device} gave bytes for row ${row} that are not those its slab commits to.`,
    fix: 'Nothing is lost: the slab was read from other rows. Leave the device if it goes on.',
    field: 'device',
    value: String(device),
  })
