import {
  type ChainReader,
  captureBeacon,
  commitEvidence,
  epochStart,
  type FollowedNetwork,
  readBeaconOf,
  readCommitmentOf,
  readConfigOf,
  readSlotOf,
  type Submitter,
  type Transaction,
} from '@cairn/chain'
import { REPORT_LIMITS } from '@cairn/protocol'
import type { Clock } from '@cairn/runtime'
import { getBlock } from 'viem/actions'
import type { ChainPort } from './chain-port.ts'

/** What {@link openChainPort} adapts. */
export interface ChainPortOptions extends ChainReader {
  /** Read up to its head at least once. */
  readonly followed: FollowedNetwork
  /** Of the ingest's account. */
  readonly submitter: Submitter
  readonly clock: Clock
  /** Ends every wait for the chain: without it a transaction is followed for as long as the chain is away. */
  readonly signal?: AbortSignal
}

/** How long a snapshot waits for the first block of its epoch, and between looks. */
const patienceMs = 10_000
const pollMs = 100

/** The chain as the ingest needs it, on a followed network. */
export async function openChainPort({
  client,
  deployment,
  followed,
  submitter,
  clock,
  signal,
}: ChainPortOptions): Promise<ChainPort> {
  const { history } = followed
  const { network, timeline } = history
  const reader = { client, deployment }
  const ingest = submitter.address
  const config = await readConfigOf(reader, { network })

  /** A snapshot is complete once a block of its epoch is read: nothing later changes it. */
  const awaitEpoch = async (epoch: number) => {
    const until = clock.now() + patienceMs
    for (;;) {
      const { timestamp } = await getBlock(client, { blockTag: 'latest' })
      await followed.sync()
      if (Number(timestamp) >= epochStart(timeline, epoch)) return
      if (clock.now() >= until) throw new Error(`the chain has no block of epoch ${epoch} yet`)
      await clock.sleep(pollMs, signal)
    }
  }
  const submit = (call: Transaction, settled: () => Promise<boolean>) =>
    submitter.submit(call, { settled, ...(signal === undefined ? {} : { signal }) })
  const committed = async (epoch: number) => {
    const slot = await readCommitmentOf(reader, { network, epoch, ingest })
    return slot === undefined ? undefined : readSlotOf(reader, { network, slot })
  }

  return {
    network,
    domain: { chainId: deployment.chainId, verifyingContract: deployment.addresses.ingestChallenges },
    timeline: {
      genesisMs: Number(timeline.genesis) * 1000,
      epochMs: timeline.epochSeconds * 1000,
      sealMs: timeline.sealSeconds * 1000,
      lateMs: (timeline.availabilitySeconds + timeline.attestSeconds) * 1000,
    },
    async snapshot(epoch) {
      await awaitEpoch(epoch)
      return history.snapshotAt(epoch)
    },
    async capacity(epoch) {
      const { stakes } = history
      // As Evidence.sol has it: proportional to the bond of the snapshot, and nothing where nothing is left of it.
      if (stakes.slashableOf('ingest', ingest) === 0n) return { reports: 0, bytes: 0 }
      const counted = stakes.countedAt('ingest', ingest, epoch)
      const cap =
        config.ingestBond === 0n
          ? BigInt(counted === 0n ? 0 : config.reportsPerEpoch)
          : (BigInt(config.reportsPerEpoch) * counted) / config.ingestBond
      const reports = Number(cap < 0xffff_ffffn ? cap : 0xffff_ffffn)
      return { reports, bytes: reports * REPORT_LIMITS.reportBytes }
    },
    committed,
    async commit({ epoch, root, count, sizeBytes }) {
      const call = commitEvidence(deployment, { network, epoch, root, count, sizeBytes })
      await submit(call, async () => (await committed(epoch)) !== undefined)
    },
    async isSettled(epoch) {
      await followed.sync()
      const end = history.roots.standing.findLast(({ state }) => state === 'final')?.root.evidenceEnd ?? 0
      return history.slots.list.every(
        (slot) => slot.epoch !== epoch || slot.ingest !== ingest || slot.skipped || slot.slot < end,
      )
    },
    async captureBeacon(epoch) {
      const call = captureBeacon(deployment, { network, epoch })
      await submit(call, async () => (await readBeaconOf(reader, { network, epoch })) !== undefined)
    },
  }
}
