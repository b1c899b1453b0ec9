import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { followNetwork, type NetworkHistory, parseDeployment, type Role, readSlashableOf } from '@cairn/chain'
import { type Hex, parseNetworkId } from '@cairn/protocol'
import { systemClock } from '@cairn/runtime'
import { createClient, http } from 'viem'

/** What somebody has at stake, in the token's smallest unit. */
export interface Bond {
  readonly role: Role
  readonly holder: Hex
  readonly amount: bigint
}

/** The chain, as the story-teller reads it. */
export interface WatchedChain {
  /** As of the last {@link WatchedChain.until}. */
  readonly history: NetworkHistory
  /** Block time, Unix seconds, as of the last {@link WatchedChain.until}. */
  readonly now: number
  /** Reads the chain until it is so. @throws Error that says what was waited for, after `withinSeconds` or when `trouble` has something to say */
  until<T>(what: string, isSo: () => T | undefined | false, withinSeconds: number): Promise<T>
  /** What the contract says that slashing would take now. */
  readBonds(holders: readonly Pick<Bond, 'role' | 'holder'>[]): Promise<readonly Bond[]>
}

const POLL_MS = 300
const clock = systemClock()

/** Path of the file that says where a home's local network is. */
export const networkFileOf = (home: string) => join(home, 'networks', 'local.json')

/** @param trouble why there is nothing to wait for any more */
export async function watchChain(
  home: string,
  trouble: () => string | undefined,
  say: (text: string) => void,
): Promise<WatchedChain> {
  const file = JSON.parse(await readFile(networkFileOf(home), 'utf8')) as Record<string, unknown>
  const client = createClient({ transport: http(String(file.rpcUrl)) })
  const deployment = parseDeployment(file.deployment)
  const network = parseNetworkId(file.network)
  const followed = followNetwork({ client, deployment, network })
  const reader = { client, deployment }
  let now = (await followed.sync()).headTimestamp
  return {
    history: followed.history,
    get now() {
      return now
    },
    async until(what, isSo, withinSeconds) {
      const begun = clock.now()
      for (;;) {
        now = (await followed.sync()).headTimestamp
        const found = isSo()
        const seconds = ((clock.now() - begun) / 1000).toFixed(1)
        if (found !== undefined && found !== false) {
          say(`${what}: after ${seconds} s`)
          return found
        }
        const why = trouble() ?? (clock.now() > begun + withinSeconds * 1000 ? 'that is too long' : undefined)
        if (why !== undefined)
          throw new Error(`Waited ${seconds} s for this: ${what}; ${why}. Logs are in ${home}/logs.`)
        await clock.sleep(POLL_MS)
      }
    },
    readBonds: (holders) =>
      Promise.all(
        holders.map(async ({ role, holder }) => ({
          role,
          holder,
          amount: await readSlashableOf(reader, { network, role, holder }),
        })),
      ),
  }
}
