import type { Role } from '@cairn/chain'
import type { OpenNetwork } from '../open-network.ts'
import { bondOf, joinAs } from './create-local-network.ts'
import { type LocalRole, localAccount } from './local-accounts.ts'
import type { LocalPorts } from './local-settings.ts'

/** The services of a local network that have a bond, and where they serve. */
function bondedServices(ports: LocalPorts): readonly (readonly [LocalRole, Role, number])[] {
  return [
    ['ingest', 'ingest', ports.ingest],
    ['verifier-1', 'verifier', ports.verifiers[0]],
    ['verifier-2', 'verifier', ports.verifiers[1]],
    ['verifier-3', 'verifier', ports.verifiers[2]],
  ]
}

/**
 * Makes bonds whole again: on a machine too busy to commit within a sealing of seconds an ingest pays for being late, or the own watcher takes
 * its bond, as it has to, and the network would be over. What is posted counts from the next epoch on.
 *
 * @returns whose bond is whole again
 */
export async function keepBonds(
  { followed, client, deployment, file }: Pick<OpenNetwork, 'followed' | 'client' | 'deployment' | 'file'>,
  ports: LocalPorts,
  signal: AbortSignal,
): Promise<LocalRole[]> {
  const { stakes } = followed.history
  const short: LocalRole[] = []
  for (const [holder, role, port] of bondedServices(ports)) {
    const amount = bondOf(role) - stakes.slashableOf(role, localAccount(holder).address)
    if (amount <= 0n) continue
    const url = `http://127.0.0.1:${port}`
    await joinAs(client, deployment, { network: file.network, holder, role, url, amount, signal })
    short.push(holder)
  }
  if (short.length > 0) await followed.sync()
  return short
}
