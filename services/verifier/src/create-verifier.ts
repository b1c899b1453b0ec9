import type { Hex } from '@cairn/protocol'
import {
  answerDisputes,
  captureBeacons,
  createLanes,
  createNetworkSession,
  type DrandSource,
  evmnetSource,
  finaliseRoots,
  httpFetch,
  oldestKept,
  pruneStates,
  runLanes,
  type SessionOptions,
  type StatusServer,
  startStatusServer,
} from '@cairn/recompute'
import { createRegistry, type Registry } from '@cairn/runtime'
import type { VerifierFault } from '@cairn/settlement'
import { createEmissionKeeper } from './advance-emission.ts'
import { createAttester } from './attester.ts'
import { evidenceRoutes } from './evidence-routes.ts'
import { guardAvailability } from './guard-availability.ts'
import { openStatement } from './open-statement.ts'
import { resolveOwn, tallyAgain } from './resolve-own.ts'
import { settleDebts } from './settle-debts.ts'
import { statementRoutes } from './statement-routes.ts'
import { createVerifierMetrics } from './verifier-metrics.ts'

/** What a verifier is given. */
export interface VerifierOptions extends SessionOptions {
  /** Port 0 takes a free one. */
  readonly http: { readonly host: string; readonly port: number }
  /** How often the chain is looked at, in ms. Default 1 000. */
  readonly pollMs?: number
  /** Epochs with evidence of which segments are kept and served; what no final root covers is kept in any case. Default 1 000. */
  readonly retentionEpochs?: number
  /** Where to ask for the rounds of the network's beacon. Default: public endpoints of evmnet. */
  readonly drand?: DrandSource
  readonly registry?: Registry
  /** For attacks on one's own network. */
  readonly fault?: VerifierFault
}

/** A verifier: keeps evidence, attests to what it recomputes, and stands up for it. */
export interface Verifier {
  start(): Promise<{ readonly url: string; readonly port: number }>
  /** Ends what is under way; a transaction that was sent stays sent. */
  stop(): Promise<void>
  /** Reads the chain and does everything that is to be done now. What `start` repeats. */
  step(): Promise<void>
}

/** Makes a verifier. It keeps evidence and states on disk and nothing else: all it has to know it reads from the chain again. */
export function createVerifier(options: VerifierOptions): Verifier {
  const { clock, log, pollMs = 1_000, retentionEpochs = 1_000, fault, drand = evmnetSource } = options
  const fetchBytes = options.fetchBytes ?? httpFetch()
  const registry = options.registry ?? createRegistry('verifier')
  const metrics = createVerifierMetrics(registry)
  const session = createNetworkSession({ onSent: metrics.sent, ...options })
  const attester = createAttester(session, fault)
  const statement = openStatement(session, options.dataDir)
  const voted = new Set<number>()
  const resolved = new Set<Hex>()
  const debtsSettled = new Set<number>()
  const pruned = new Set<Hex>()
  const stopping = new AbortController()
  let server: StatusServer | undefined
  let running: Promise<void> | undefined

  const lanes = createLanes(
    [
      {
        name: 'evidence',
        run: async () => {
          const oldest = oldestKept(session.history, retentionEpochs)
          if (oldest > 0) await session.evidence.prune(oldest)
          metrics.missing(await guardAvailability(session, voted))
        },
      },
      { name: 'emission', run: createEmissionKeeper(session) },
      { name: 'beacons', run: () => captureBeacons(session, drand, fetchBytes) },
      { name: 'attest', run: (now) => attester.run(now) },
      { name: 'answer', run: (now) => answerDisputes(session, attester.treesFor, now) },
      {
        name: 'statement',
        run: async () => {
          await statement.sync()
          // Only now, for a row needs the states of its root and of the one before.
          await pruneStates(session, pruned)
        },
      },
      {
        name: 'settle up',
        run: async (now) => {
          await tallyAgain(session)
          await finaliseRoots(session, (rootId) => attester.standsFor(rootId), now)
          await resolveOwn(session, resolved)
          await settleDebts(session, debtsSettled)
        },
      },
    ],
    log,
  )
  const step = async () => {
    const { now, block } = await session.sync()
    metrics.block(block)
    if (session.history.creation !== undefined) await lanes.step(now)
  }

  return {
    step,
    async start() {
      server = await startStatusServer({
        http: options.http,
        registry,
        routes: (app) => {
          evidenceRoutes(session)(app)
          statementRoutes(session, { book: statement, account: options.account })(app)
        },
        health: () => ({
          status: session.block === 0 ? 'failing' : 'ok',
          network: session.network,
          verifier: session.me,
          block: session.block,
          problems: Object.fromEntries(lanes.problems),
        }),
        onError: (error) => log.error({ err: error }, 'a request failed'),
      })
      if (fault !== undefined) log.warn({ fault }, 'this verifier was told to lie')
      running = runLanes(step, { clock, pollMs, signal: stopping.signal, log })
      const { url, port } = server
      log.info({ url, network: session.network, verifier: session.me }, 'verifying')
      return { url, port }
    },
    async stop() {
      stopping.abort(new Error('The verifier is stopping.'))
      session.close()
      await server?.stop()
      await running
    },
  }
}
