import { epochAt, type SlotEntry, sealEnd } from '@cairn/chain'
import type { ServiceName } from '@cairn/testing'
import { type ProcessNetwork, seededRandom, startProcessNetwork } from '@cairn/testing'
import { checkEvidence, type EvidenceCheck } from './check-evidence.ts'
import { type MoneyCheck, moneyFaults, readMoney } from './check-money.ts'
import { checkRoots, type RootsCheck } from './check-roots.ts'
import { claimAll, startClaims } from './claims.ts'
import { type InFlight, isHit, measureInFlight } from './in-flight.ts'
import { type Load, startLoad } from './load.ts'
import { nextMoment, type Phase } from './moments.ts'
import { type NetworkView, openNetworkView } from './network-view.ts'
import { planVictims } from './plan.ts'
import { type ReceiptFeed, startReceiptFeed } from './receipt-feed.ts'
import { openSimulatedDevices } from './simulated-device.ts'

/** One kill. */
export interface Round {
  readonly seed: number
  readonly round: number
  readonly victim: ServiceName
  readonly phase: Phase
  readonly epoch: number
  readonly inFlight: InFlight
  readonly hit: boolean
  /** Blocks that a killed chain lost. */
  readonly lostBlocks: number
  /** From the signal until the service was ready again. */
  readonly downMs: number
  /** The epoch whose sealing a killed ingest missed, so that it has to commit late. */
  readonly missed: number | undefined
}

export interface CrashRounds {
  readonly seed: number
  readonly rounds: readonly Round[]
  /** Share of the rounds that hit somebody at work. */
  readonly hitRate: number
  readonly evidence: EvidenceCheck
  readonly roots: RootsCheck
  readonly money: MoneyCheck
  readonly claims: { readonly paid: number; readonly failed: number }
  readonly receiptsWatched: number
  readonly rejections: Readonly<Record<string, number>>
  readonly repeats: number
  /** Epochs that were committed after their sealing window. */
  readonly late: readonly number[]
  readonly seconds: number
  /** Everything that is not as it has to be; empty for a pass. */
  readonly faults: readonly string[]
}

export interface CrashRoundsOptions {
  readonly home: string
  readonly rounds: number
  readonly seed: number
  readonly onRound: (round: Round) => void
  readonly say: (text: string) => void
}

/** Everything a round needs. */
interface Stage {
  readonly net: ProcessNetwork
  readonly view: NetworkView
  readonly load: Load
  readonly feed: ReceiptFeed
}

/**
 * Sealing has to last longer than a chain is gone and what it lost with it, or most commitments would be late and have their price. Attesting
 * has to last longer than a verifier is gone, or it could not vote with the others.
 */
const chainSettings = ['--gateways', '6', '--epoch', '14', '--seal', '10', '--attest', '30']
const leastHitRate = 0.8
/** How long a round waits for its victim to have work, in ms; then it kills one that idles, which is no hit. */
const workPatienceMs = 3_000
/** Receipts in the request that a watcher is killed with. */
const receiptsPerKill = 24
/** How long after the last round everything may take to become final, in ms. */
const settlePatienceMs = 180_000

/** Kills services of a network under load, one after the other, and holds what is left against what was promised. */
export async function runCrashRounds(options: CrashRoundsOptions): Promise<CrashRounds> {
  const startedMs = performance.now()
  const { home, seed, say } = options
  const random = seededRandom(seed)
  const net = await startProcessNetwork({ home, chain: [...chainSettings] })
  try {
    const view = await openNetworkView(net)
    const devices = await openSimulatedDevices(net, seededRandom(seed + 1))
    const feed = startReceiptFeed({ url: net.urlOf('watcher'), network: net.network })
    const load = startLoad({
      url: net.urlOf('ingest'),
      network: net.network,
      devices,
      epochAt: view.epochAt,
      onReceipts: feed.push,
    })
    const claims = startClaims(net)
    const rounds: Round[] = []
    const isBegun = async () => {
      await view.followed.sync()
      return view.followed.history.slots.list.length > 0
    }
    await until(isBegun, 120_000, 'the first evidence is committed')
    for (const [round, victim] of planVictims(options.rounds, random).entries()) {
      rounds.push(await runRound({ net, view, load, feed }, { seed, round, victim, random }))
      options.onRound(rounds.at(-1)!)
    }
    await load.stop()
    await claims.stop()
    say(`${load.receipts.length} reports acknowledged; waiting until all of them are settled`)
    await untilAllFinal(view, load)
    await feed.stop()
    await claimAll(home)
    await view.followed.sync()
    const result = {
      seed,
      rounds,
      hitRate: rounds.filter(({ hit }) => hit).length / rounds.length,
      evidence: await checkEvidence(load.receipts, { net, view }),
      roots: await checkRoots(net, view),
      money: await readMoney(net, view),
      claims: claims.counts,
      receiptsWatched: feed.taken.length,
      rejections: load.rejections,
      repeats: load.repeats,
      late: view.followed.history.slots.list.filter(isLate).map(({ epoch }) => epoch),
      seconds: (performance.now() - startedMs) / 1000,
    }
    return { ...result, faults: faultsOf(result) }
  } finally {
    await net.stop()
  }
}

async function runRound(
  stage: Stage,
  { seed, round, victim, random }: { seed: number; round: number; victim: ServiceName; random: () => number },
): Promise<Round> {
  const { net, view, load, feed } = stage
  await view.followed.sync()
  const { phase, atMs } = nextMoment(view, victim, random)
  await sleep(atMs - Date.now())
  await view.followed.sync()
  if (victim !== 'ingest' && phase !== 'acks') await untilAtWork(victim, stage)
  if (victim === 'ingest') load.burst()
  if (victim === 'watcher') await feed.gather(receiptsPerKill)
  await sleep(random() * 12)
  const inFlight = await measureInFlight(victim, stage)
  const head = victim === 'chain' ? await view.blockNumber() : 0
  const killedMs = performance.now()
  await net.kill(victim)
  const missed = phase === 'outage' ? await outlastSealing(view, atMs) : undefined
  await net.restart(victim)
  const downMs = Math.round(performance.now() - killedMs)
  const lostBlocks = victim === 'chain' ? Math.max(0, head - (await view.blockNumber())) : 0
  const epoch = view.epochAt(Date.now())?.epoch ?? 0
  return { seed, round, victim, phase, epoch, inFlight, hit: isHit(inFlight), lostBlocks, downMs, missed }
}

/** From the seeded point on, until it has something to do: work comes with the next block, which is up to a second away. */
async function untilAtWork(victim: ServiceName, stage: Stage): Promise<void> {
  const until = performance.now() + workPatienceMs
  while (!isHit(await measureInFlight(victim, stage)) && performance.now() < until) {
    await sleep(25)
    await stage.view.followed.sync()
  }
}

/** Until a final root covers the commitment of the last epoch that got a receipt. */
async function untilAllFinal({ followed }: NetworkView, { receipts }: Load): Promise<void> {
  const last = Math.max(...receipts.map(({ group }) => group.epoch))
  const isFinal = async () => {
    await followed.sync().catch(() => undefined)
    const { roots, slots } = followed.history
    const newest = roots.standing.findLast(({ state }) => state === 'final')
    const slot = slots.list.findLast(({ epoch }) => epoch === last)
    return newest !== undefined && slot !== undefined && newest.root.evidenceEnd > slot.slot
  }
  await until(isFinal, settlePatienceMs, `epoch ${last} is final`)
}

function faultsOf(result: Omit<CrashRounds, 'faults'>): string[] {
  const { evidence, roots, money, hitRate, rounds, late } = result
  const notLate = rounds.flatMap(({ missed }) => missed ?? []).filter((epoch) => !late.includes(epoch))
  const { lost } = evidence
  return [
    ...(lost.length === 0
      ? []
      : [`${lost.length} acknowledged reports are lost, the first: ${JSON.stringify(lost[0])}.`]),
    ...(notLate.length === 0
      ? []
      : [`The sealing of epochs ${notLate} was missed, and they were not committed late.`]),
    ...(roots.audited ? [] : ['`cairn audit` does not reproduce all roots.']),
    ...(roots.withoutAllThree.length === 0
      ? []
      : [`Not all verifiers attested: ${JSON.stringify(roots.withoutAllThree)}.`]),
    ...(roots.strays.length === 0 ? [] : [`Verifiers disagreed: ${roots.strays.join(', ')} do not stand.`]),
    ...moneyFaults(money),
    ...(hitRate >= leastHitRate
      ? []
      : [`Only ${(100 * hitRate).toFixed(0)} % of the rounds hit work in flight.`]),
  ]
}

/** Waits until the sealing that began before `atMs` is over. Returns its epoch, unless the commitment got in all the same. */
async function outlastSealing({ followed }: NetworkView, atMs: number): Promise<number | undefined> {
  const { timeline, slots } = followed.history
  const epoch = epochAt(timeline, atMs / 1000) - 1
  await sleep(1000 * sealEnd(timeline, epoch) + 500 - Date.now())
  await followed.sync()
  return slots.list.some((slot) => slot.epoch === epoch) ? undefined : epoch
}

function isLate({ epoch, sealedIn, deferrals }: SlotEntry): boolean {
  return deferrals === 0 && sealedIn > epoch
}

async function until(
  isSo: () => boolean | Promise<boolean>,
  patienceMs: number,
  what: string,
): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`After ${patienceMs} ms it is not so that ${what}.`)
    await sleep(200)
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
