import { bytesToHex, type HDAccount, type Hex } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'

/** The mnemonic that every local development chain knows. Its accounts hold nothing anywhere that is worth anything. */
export const LOCAL_MNEMONIC = 'test test test test test test test test test test test junk'

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

export function localAccount(role: LocalRole): HDAccount {
  return mnemonicToAccount(LOCAL_MNEMONIC, { addressIndex: localRoles.indexOf(role) })
}

/** Its private key, which everybody knows. */
export function localPrivateKey(role: LocalRole): Hex {
  return bytesToHex(localAccount(role).getHdKey().privateKey!)
}
