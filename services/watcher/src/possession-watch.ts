import {
  captureChallenges,
  epochAt,
  type FollowedEvent,
  followChain,
  isCapturing,
  possessionProofsAbi,
  readBondOf,
  readClassOf,
  readDataSet,
  readFaultsOf,
  readIsCaptured,
  readLeastBondOf,
  slashPossession,
} from '@cairn/chain'
import type { NetworkSession } from '@cairn/recompute'

/** Sees to it that what is not proven is a fault, and that faults cost their device's bond. */
export interface PossessionWatch {
  /** @param now time of the newest block, Unix seconds */
  step(now: number): Promise<void>
}

interface WatchedSet {
  readonly set: bigint
  readonly device: number
  readonly periodEpochs: number
  readonly windowEpochs: number
  /** Up to before this period its faults are dealt with; from the first one on at the start. */
  checked: number
  /** Faults that were executed, or tried to be. */
  faults: number
}

const createdAbi = possessionProofsAbi.filter(
  (item) => item.type === 'event' && item.name === 'DataSetCreated',
)

/**
 * Takes the beacon of every period in which a set of the network owes a proof, should nobody else, and slashes once a period is over: operators who cannot prove have no
 * reason to take it themselves. One reading of each set in a period; a device without a bond is left to those who rely on it.
 */
export function createPossessionWatch(session: NetworkSession): PossessionWatch {
  const { network, reader, deployment, history, log } = session
  let sets: readonly (WatchedSet & { readonly block: number })[] = []
  const watched = ({ args, blockNumber }: FollowedEvent) => {
    const { periodEpochs, windowEpochs } = args.terms as WatchedSet
    return {
      ...{ set: args.set as bigint, device: args.device as number, periodEpochs, windowEpochs },
      checked: 0,
      faults: 0,
      block: blockNumber,
    }
  }
  const follower = followChain({
    client: reader.client,
    addresses: [deployment.addresses.possessionProofs],
    abi: createdAbi,
    fromBlock: deployment.block,
    onEvents(events) {
      const own = events.filter(({ args }) => (args.network as string).toLowerCase() === network)
      sets = [...sets, ...own.map(watched)]
    },
    onRollback(last) {
      sets = sets.filter(({ block }) => block <= last)
    },
  })
  /** Periods whose beacon is taken or not needed, `periodEpochs/windowEpochs/period`. */
  let captured = ''

  /** Sets are made by anybody, and gas is ours: only where a tenth of the least bond is at stake, and something at all. */
  const isWorth = async (index: number) => {
    const { amount } = await readBondOf(reader, { network, index })
    if (amount === 0n) return false
    const deviceClass = await readClassOf(reader, { network, index })
    return amount * 10n >= (await readLeastBondOf(reader, { network, deviceClass }))
  }
  const capture = async (now: bigint, epoch: number) => {
    const clocks = new Map(sets.map((each) => [`${each.periodEpochs}/${each.windowEpochs}`, each]))
    for (const [key, { periodEpochs, windowEpochs }] of clocks) {
      const period = Math.floor(epoch / periodEpochs)
      const terms = { periodEpochs, windowEpochs, period }
      const name = ` ${key}/${period} `
      if (captured.includes(name) || !isCapturing(history.timeline, terms, now)) continue
      const isDone = () => readIsCaptured(reader, { network, ...terms })
      if ((await owes(terms)) && !(await isDone())) {
        const result = await session.send(captureChallenges(deployment, { network, ...terms }), isDone)
        if (result === 'mined') log.info(terms, 'took the beacon of a proving period')
      }
      captured = `${captured.slice(-1_000)}${name}`
    }
  }
  const owes = async ({
    periodEpochs,
    windowEpochs,
    period,
  }: Omit<WatchedSet, 'set' | 'device' | 'checked' | 'faults'> & { readonly period: number }) => {
    for (const each of sets) {
      if (each.periodEpochs !== periodEpochs || each.windowEpochs !== windowEpochs) continue
      const { leaves, lastPeriod } = await readDataSet(reader, { set: each.set })
      if (leaves === 0n || (lastPeriod !== undefined && period > lastPeriod)) continue
      if (await isWorth(each.device)) return true
    }
    return false
  }
  const judge = async (each: WatchedSet, epoch: number) => {
    const period = Math.floor(epoch / each.periodEpochs)
    if (each.checked === period) return
    const { set } = each
    const faults = await readFaultsOf(reader, { set })
    if (faults > each.faults && (await isWorth(each.device))) {
      // Refused where all of them were executed before: by somebody else, or before a restart.
      const result = await session.send(slashPossession(deployment, { set }))
      if (result === 'mined') log.info({ set: String(set), faults }, 'slashed for missed proofs')
    }
    each.faults = faults
    each.checked = period
  }

  return {
    async step(now) {
      await follower.sync()
      if (sets.length === 0) return
      const epoch = epochAt(history.timeline, now)
      await capture(BigInt(now), epoch)
      for (const each of sets) await judge(each, epoch)
    },
  }
}
