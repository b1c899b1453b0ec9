import { localAccount as accountAt, localPrivateKey as keyAt } from '@cairn/chain'
import type { Hex, PrivateKeyAccount } from 'viem'

/** Who is who among the local chain's funded accounts, by their place. */
export const localRoles = [
  'founder',
  'ingest',
  'verifier-1',
  'verifier-2',
  'verifier-3',
  'watcher',
  'operator',
  'customer',
  'ingest-2',
  'verifier-4',
] as const

export type LocalRole = (typeof localRoles)[number]

export function localAccount(role: LocalRole): PrivateKeyAccount {
  return accountAt(localRoles.indexOf(role))
}

/** Its private key, which everybody knows. */
export function localPrivateKey(role: LocalRole): Hex {
  return keyAt(localRoles.indexOf(role))
}
