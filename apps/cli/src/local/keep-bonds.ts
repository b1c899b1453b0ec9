import type { Role } from '@cairn/chain'
import type { OpenNetwork } from '../open-network.ts'
import { joinAs } from './create-local-network.ts'
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
 * Posts the bond again of a service that lost it: on a machine too busy to commit within a sealing of seconds the own watcher takes it, as it
 * has to, and the network would be over. It counts from the next epoch on.
 *
 * @returns who has a bond again
 */
export async function keepBonds(
  { followed, client, deployment, file }: Pick<OpenNetwork, 'followed' | 'client' | 'deployment' | 'file'>,
  ports: LocalPorts,
): Promise<LocalRole[]> {
  const { stakes } = followed.history
  const lost = bondedServices(ports).filter(
    ([holder, role]) => stakes.slashableOf(role, localAccount(holder).address) === 0n,
  )
  for (const [holder, role, port] of lost) {
    const url = `http://127.0.0.1:${port}`
    await joinAs(client, deployment, { network: file.network, holder, role, url })
  }
  if (lost.length > 0) await followed.sync()
  return lost.map(([holder]) => holder)
}
