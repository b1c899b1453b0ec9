import { join } from 'node:path'
import { epochAt, recoverReceiptSigner, sealEnd } from '@cairn/chain'
import type { Hex, Receipt } from '@cairn/protocol'
import {
  answerDisputes,
  createLanes,
  createNetworkSession,
  finaliseRoots,
  type NetworkSession,
  oldestKept,
  pruneStates,
  runLanes,
  type SessionOptions,
  type StatusServer,
  startStatusServer,
} from '@cairn/recompute'
import { createRegistry, type Registry } from '@cairn/runtime'
import { type Challenger, createChallenger } from './challenger.ts'
import { createRootJudge, type RootJudge } from './judge-roots.ts'
import { createPossessionWatch } from './possession-watch.ts'
import { proveIngestFaults } from './prove-ingest-faults.ts'
import { pullSlashes } from './pull-slashes.ts'
import { createReceiptBook, type ReceiptBook } from './receipt-book.ts'
import { receiptRoutes } from './receipt-routes.ts'
import { createWatcherMetrics } from './watcher-metrics.ts'

/** What a watcher is given. */
export interface WatcherOptions extends SessionOptions {
  /** Port 0 takes a free one. */
  readonly http: { readonly host: string; readonly port: number }
  /** 32 bytes that nobody else knows and that stay the same over restarts: they hide what an announced challenge says. */
  readonly secret: Uint8Array
  /** How often the chain is looked at, in ms. Default 1 000. */
  readonly pollMs?: number
  /** Whether it challenges by itself. Default true; without, it only says what it finds. */
  readonly challenges?: boolean
  /** Disputes of its own that may await an answer at once. Default 4. */
  readonly mostOpen?: number
  /** Disputes about one root that it may lose, at a bond each. Default 16. */
  readonly mostLost?: number
  /** Epochs with evidence of which it and receipts are kept; what no final root covers is kept in any case. Default 1 000. */
  readonly retentionEpochs?: number
  /** Receipts kept in one epoch. Default 200 000. */
  readonly receiptsPerEpoch?: number
  readonly registry?: Registry
}

/** A watcher: recomputes what others attest, and challenges what does not come out. */
export interface Watcher {
  start(): Promise<{ readonly url: string; readonly port: number }>
  /** Ends what is under way; a transaction that was sent stays sent. */
  stop(): Promise<void>
  /** Reads the chain and does everything that is to be done now. What `start` repeats. */
  step(): Promise<void>
  /** What recomputing said about a root; undefined while it was not done. */
  judgementOf(rootId: Hex): 'true' | 'false' | 'dead' | undefined
}

/** Makes a watcher. It needs a chain endpoint and somebody who serves segments; whom it trusts is nobody. */
export function createWatcher(options: WatcherOptions): Watcher {
  const { clock, log, pollMs = 1_000, retentionEpochs = 1_000 } = options
  const registry = options.registry ?? createRegistry('watcher')
  const metrics = createWatcherMetrics(registry)
  const session = createNetworkSession({ onSent: metrics.sent, ...options })
  const judge = createRootJudge(session)
  const book = bookOf(session, options, retentionEpochs)
  const { secret, mostOpen = 4, mostLost = 16 } = options
  const challenger = createChallenger(session, { secret, mostOpen, mostLost })
  const lanes = createLanes(lanesOf(session, { judge, challenger, book, options, retentionEpochs }), log)
  const stopping = new AbortController()
  let server: StatusServer | undefined
  let running: Promise<void> | undefined
  let loading: Promise<void> | undefined
  let isLoaded = false

  const step = async () => {
    const { now, block } = await session.sync()
    if (session.history.creation === undefined) return
    loading ??= book.load()
    await loading
    isLoaded = true
    await lanes.step(now)
    metrics.state({ block, receipts: book.count, ...judge.counts })
  }
  return {
    step,
    judgementOf: judge.of,
    async start() {
      server = await startStatusServer({
        http: options.http,
        registry,
        routes: receiptRoutes(session.network, book, () => isLoaded),
        health: () => ({
          status: session.block === 0 ? 'failing' : 'ok',
          network: session.network,
          watcher: session.me,
          block: session.block,
          judged: judge.counts,
          problems: Object.fromEntries(lanes.problems),
        }),
        onError: (error) => log.error({ err: error }, 'a request failed'),
      })
      running = runLanes(step, { clock, pollMs, signal: stopping.signal, log })
      const { url, port } = server
      log.info({ url, network: session.network, watcher: session.me }, 'watching')
      return { url, port }
    },
    async stop() {
      stopping.abort(new Error('The watcher is stopping.'))
      session.close()
      await server?.stop()
      await running
    },
  }
}

interface Parts {
  readonly judge: RootJudge
  readonly challenger: Challenger
  readonly book: ReceiptBook
  readonly options: WatcherOptions
  readonly retentionEpochs: number
}

function lanesOf(session: NetworkSession, { judge, challenger, book, options, retentionEpochs }: Parts) {
  const { history, evidence } = session
  const honoured = new WeakSet<Receipt>()
  const excused = new WeakSet<Receipt>()
  const slashed = new Set<string>()
  const pruned = new Set<Hex>()
  const { secret, means, challenges = true } = options
  const isTrue = async (rootId: Hex) => judge.of(rootId) === 'true'
  const possession = createPossessionWatch(session)
  const lanes = [
    {
      name: 'evidence',
      run: async (now: number) => {
        const oldest = oldestKept(history, retentionEpochs)
        if (oldest > 0) {
          await evidence.prune(oldest)
          await book.prune(oldest)
        }
        await evidence.fetchMissing(({ epoch }) => now >= sealEnd(history.timeline, epoch), now)
      },
    },
    { name: 'judge', run: () => judge.run() },
    {
      name: 'answer',
      run: (now: number) =>
        answerDisputes(
          session,
          async (rootId) => {
            const entry = history.roots.get(rootId)
            return entry && judge.of(rootId) === 'true'
              ? session.roots.treesOf(entry.root, rootId)
              : undefined
          },
          now,
        ),
    },
    {
      name: 'settle up',
      run: async (now: number) => {
        await finaliseRoots(session, isTrue, now)
        await pullSlashes(session, slashed)
        await pruneStates(session, pruned)
      },
    },
    { name: 'possession', run: (now: number) => possession.step(now) },
  ]
  if (!challenges) return lanes
  return [
    ...lanes,
    {
      name: 'challenge',
      run: async () => {
        for (const entry of history.roots.standing) {
          if (entry.state === 'challengeable' && judge.of(entry.rootId) === 'false')
            await challenger.challenge(entry)
        }
        await challenger.withdraw()
      },
    },
    {
      name: 'receipts',
      run: () => proveIngestFaults(session, book, { secret, sha256: means.sha256, honoured, excused }),
    },
  ]
}

function bookOf(session: NetworkSession, options: WatcherOptions, retentionEpochs: number): ReceiptBook {
  const { history, deployment, network } = session
  return createReceiptBook({
    folder: join(options.dataDir, network, 'receipts'),
    network,
    recover: (receipt) => recoverReceiptSigner(deployment, receipt),
    isBonded: (ingest) => history.stakes.slashableOf('ingest', ingest) > 0n,
    isCurrent: (epoch) => {
      if (history.creation === undefined) return false
      const current = epochAt(history.timeline, session.now)
      // The newest block can be a little behind the epoch that devices report in.
      return epoch <= current + 1 && epoch >= current - retentionEpochs
    },
    mostPerEpoch: options.receiptsPerEpoch ?? 200_000,
    log: options.log,
  })
}
