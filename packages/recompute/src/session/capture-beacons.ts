import {
  captureBeacon,
  epochStart,
  evmnet,
  readBeaconOf,
  readRoundAt,
  readWordOf,
  submitRound,
} from '@cairn/chain'
import { type Address, zeroAddress } from 'viem'
import type { FetchBytes } from '../fetch-evidence.ts'
import { type DrandSource, fetchRound } from '../fetch-round.ts'
import type { NetworkSession } from './network-session.ts'

/** Public endpoints of evmnet, from https://docs.drand.love/developer/http-api/ */
export const evmnetSource: DrandSource = {
  urls: [
    'https://api.drand.sh',
    'https://api2.drand.sh',
    'https://api3.drand.sh',
    'https://drand.cloudflare.com',
  ],
  chainHash: evmnet.chainHash,
}

/**
 * Captures the beacon of each epoch that has evidence and none, since nothing of it can be settled before; the round is brought to the
 * network's beacon first, where nobody has. Without such an epoch it asks nobody anything. Rejects when a round can not be had.
 */
export async function captureBeacons(
  session: NetworkSession,
  source: DrandSource,
  fetchBytes: FetchBytes,
): Promise<void> {
  const { history, reader, deployment, network } = session
  const waiting = new Set(
    history.slots.list
      .filter(({ epoch, skipped }) => !skipped && history.beaconOf(epoch) === undefined)
      .map(({ epoch }) => epoch),
  )
  const beacon = history.creation?.config.beacon ?? zeroAddress
  for (const epoch of [...waiting].sort((a, b) => a - b)) {
    const time = BigInt(epochStart(history.timeline, epoch))
    if (beacon !== zeroAddress) await bringWord(session, { beacon, time, source, fetchBytes })
    const isCaptured = async () => (await readBeaconOf(reader, { network, epoch })) !== undefined
    await session.send(captureBeacon(deployment, { network, epoch }), isCaptured)
  }
}

async function bringWord(
  { reader, send }: NetworkSession,
  {
    beacon,
    time,
    source,
    fetchBytes,
  }: { beacon: Address; time: bigint; source: DrandSource; fetchBytes: FetchBytes },
): Promise<void> {
  const isKnown = async () => (await readWordOf(reader, { beacon, time })) !== undefined
  if (await isKnown()) return
  const round = await readRoundAt(reader, { beacon, time })
  const signature = await fetchRound(round, source, fetchBytes)
  await send(submitRound({ beacon, round, signature }), isKnown)
}
