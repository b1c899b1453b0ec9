import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { epochAt, epochStart, sealEnd } from '@cairn/chain'
import type { Sector } from '@cairn/protocol'
import type { Clock } from '@cairn/runtime'
import { type CairnResult, runCairn } from '@cairn/testing/cairn-process'
import { readRootsByCast } from './cast.ts'
import { claimAll } from './claim-all.ts'
import { findProblems } from './find-problems.ts'
import { type LocalNetwork, openLocalNetwork, rulesOf } from './follow.ts'
import type { Sent } from './forward.ts'
import type { ReplayPlan } from './plan-replay.ts'
import { play } from './play.ts'
import { readVerdicts } from './read-verdicts.ts'
import { reconcile } from './reconcile.ts'
import { runAudits } from './run-audits.ts'
import { startNetwork } from './start-network.ts'
import { waitUntil } from './wait-until.ts'

export interface ReplayOptions {
  readonly plan: ReplayPlan
  /** An empty folder for keys, state and logs. */
  readonly home: string
  readonly sectors: ReadonlyMap<string, Sector>
  readonly clock: Clock
  readonly say: (text: string) => void
}

/** Everything the replay found out. */
export type ReplayResult = Awaited<ReturnType<typeof replay>>

/** Plays recorded traffic into a local network of separate processes and compares what was paid with what was recorded. */
export async function replay(options: ReplayOptions) {
  const { plan, home, clock, say } = options
  await mkdir(home, { recursive: true })
  const startedMs = clock.now()
  const running = await startNetwork(home, plan.gateways, say)
  try {
    const local = await openLocalNetwork(home)
    await waitForDevices(local, plan.gateways.length, clock)
    say(`playing ${plan.counts.receptions} receptions of ${plan.counts.uplinks} uplinks`)
    const playedFromMs = clock.now()
    const { gatewayPort: serverPort } = running
    const sent = await play(plan, { serverPort, clock, onProgress: say })
    const playedMs = clock.now() - playedFromMs
    const agent = await waitForEmptyOutbox(home, clock)
    const lastEpoch = await waitForSealing(local, clock)
    say(`everything is sealed; waiting for a root over epoch ${lastEpoch}`)
    await waitForRoot(local, lastEpoch, ['challengeable', 'final'], clock)
    say('verified; comparing with the files')
    const outcome = await compare(options, local, sent)
    say('auditing in fresh processes, under Node, under Bun, and with one byte altered')
    const audits = await runAudits(home, join(home, 'audit-mirror'))
    await waitForRoot(local, lastEpoch, ['final'], clock)
    const claims = await claimAll(running, local)
    const roots = await readRootsByCast(local, outcome.roots)
    const found = { ...outcome, sent, agent, roots, claims, audits, lastEpoch }
    return {
      counts: plan.counts,
      gateways: plan.gateways.length,
      frames: plan.frames.length,
      sent: { ...sent, unacked: sent.unacked.length },
      driver: agent.driver.counts,
      evidence: outcome.evidenceCount,
      ...outcome.reconciliation,
      totalWork: outcome.totalWork,
      roots,
      claims,
      audits,
      seconds: { played: playedMs / 1000, all: (clock.now() - startedMs) / 1000 },
      problems: findProblems(found),
    }
  } finally {
    await running.stop()
  }
}

/** Devices count from the epoch after their registration on. */
async function waitForDevices({ followed }: LocalNetwork, count: number, clock: Clock): Promise<void> {
  const { history } = followed
  await waitUntil(`all ${count} devices count`, { clock, withinMs: 120_000 }, async () => {
    await followed.sync()
    const nowSeconds = clock.now() / 1000
    if (nowSeconds < epochStart(history.timeline, 0)) return undefined
    return history.snapshotAt(epochAt(history.timeline, nowSeconds)).deviceCount === count || undefined
  })
}

/** What of an agent's status the replay looks at. */
export interface AgentCounts {
  /** Observations given up, by code. */
  readonly deadLetters: Readonly<Record<string, number>>
  readonly driver: { readonly counts: Readonly<Record<string, number>> }
}

async function waitForEmptyOutbox(home: string, clock: Clock): Promise<AgentCounts> {
  const since = clock.now()
  return waitUntil('the agent has delivered everything', { clock, withinMs: 60_000 }, async () => {
    const { value } = (await runCairn({ home, args: ['agent', 'status'] })) as CairnResult<{
      atMs: number
      status: AgentCounts & { outbox: { observations: number } }
    }>
    return value.atMs > since && value.status.outbox.observations === 0 ? value.status : undefined
  })
}

/** Waits until the epoch that is open now is sealed, and returns the last one with evidence. */
async function waitForSealing({ followed }: LocalNetwork, clock: Clock): Promise<number> {
  const { history } = followed
  const open = epochAt(history.timeline, clock.now() / 1000)
  await clock.sleep(1000 * sealEnd(history.timeline, open) - clock.now())
  await followed.sync()
  return Math.max(...history.slots.list.map(({ epoch }) => epoch))
}

async function waitForRoot(
  { followed }: LocalNetwork,
  epoch: number,
  states: readonly string[],
  clock: Clock,
): Promise<void> {
  await waitUntil(`epoch ${epoch} is ${states[0]}`, { clock, withinMs: 120_000 }, async () => {
    await followed.sync()
    const covering = followed.history.roots.covering(epoch)
    return covering !== undefined && states.includes(covering.state) ? true : undefined
  })
}

/** What the published segments say, beside what the files say. */
async function compare({ plan, home, sectors }: ReplayOptions, local: LocalNetwork, sent: Sent) {
  const { followed, client, deployment } = local
  const read = await readVerdicts({
    followed,
    reader: { client, deployment },
    sectors,
    folder: join(home, 'read-verdicts'),
  })
  const deviceOf = plan.gateways.map((_, place) => place)
  const rules = rulesOf(followed)
  const reconciliation = reconcile({ plan, sent, observations: read.observations, deviceOf, rules })
  const totalWork = read.roots.reduce((sum, { work }) => sum + work, 0n)
  return { reconciliation, totalWork, roots: read.roots, evidenceCount: read.evidenceCount }
}

export type Compared = Awaited<ReturnType<typeof compare>>
