import {
  type ChainReader,
  captureChallenges,
  isCapturing,
  provePossession,
  readChallengesOf,
  readDataSet,
  readFaultsOf,
  readIsCaptured,
  readIsProven,
  type Submitter,
  type Timeline,
} from '@cairn/chain'
import type { NetworkId } from '@cairn/protocol'
import { getBlock } from 'viem/actions'
import type { FollowedRails, NumberedRail } from './follow-rails.ts'
import type { ProofChain, SetStanding } from './storage-seam.ts'

/** Whose sets, and who sends. Anybody may prove: gas is all it takes. */
export interface ProofChainOptions {
  readonly network: NetworkId
  readonly timeline: Timeline
  readonly submitter: Submitter
  readonly rails: FollowedRails
  readonly signal?: AbortSignal
}

/** The sets of a device's rails, on a chain. */
export function createProofChain(reader: ChainReader, options: ProofChainOptions): ProofChain {
  const { network, timeline, submitter, rails, signal } = options
  const { client, deployment } = reader
  const sending = signal === undefined ? {} : { signal }
  const termsOf = new Map<bigint, { readonly periodEpochs: number; readonly windowEpochs: number }>()

  const readStanding = async (rail: NumberedRail, now: bigint): Promise<SetStanding> => {
    const { id, set } = rail
    const kept = await readDataSet(reader, { set })
    const { periodEpochs, windowEpochs } = kept.terms
    termsOf.set(set, { periodEpochs, windowEpochs })
    const { period, challenges } = await readChallengesOf(reader, { set })
    const isOver = kept.lastPeriod !== undefined && period > kept.lastPeriod
    const isCaptured = async () => readIsCaptured(reader, { network, periodEpochs, windowEpochs, period })
    const isOpen = isCapturing(timeline, { periodEpochs, windowEpochs, period }, now)
    return {
      rail: id,
      set,
      period,
      isCapturable: !isOver && kept.leaves > 0n && isOpen && !(await isCaptured()),
      isProven: await readIsProven(reader, { set, period }),
      challenges: challenges.map(({ piece, leaf }) => ({ piece, leaf: Number(leaf) })),
      faults: await readFaultsOf(reader, { set }),
      // A lost rail's rows stay until somebody has made them again.
      removed:
        isOver && (rail.state === 'ended' || rail.state === 'closed')
          ? Array.from({ length: kept.pieces }, (_, piece) => piece)
          : rails.removedOf(set),
    }
  }

  return {
    async readSets() {
      const { timestamp } = await getBlock(client, { blockTag: 'latest' })
      const standings: SetStanding[] = []
      for (const rail of await rails.read()) standings.push(await readStanding(rail, timestamp))
      return standings
    },
    async capture({ set }) {
      const terms = termsOf.get(set)
      if (terms !== undefined)
        await submitter.submit(captureChallenges(deployment, { network, ...terms }), sending)
    },
    async prove(set, proofs) {
      await submitter.submit(provePossession(deployment, { set, proofs }), sending)
    },
  }
}
