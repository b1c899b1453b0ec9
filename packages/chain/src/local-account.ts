import type { Hex } from '@cairn/protocol'
import { toHex } from 'viem'
import { HDKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'

/** The mnemonic that every local development chain knows. Its accounts hold nothing anywhere that is worth anything. */
export const LOCAL_MNEMONIC = 'test test test test test test test test test test test junk'

/** The key above its accounts, m/44'/60'/0'/0 (BIP-32, BIP-44): deriving it takes 2 048 rounds of HMAC, which every process would do anew. */
const above = HDKey.fromExtendedKey(
  'xprv9zz7v8QuW9DB5aPK3A4sGm1Nd3gNbg3NznE3Gu3TUPDFCEvZwALBrjY5d5h8eyKywqqFkKXDaxAKsmL4qVMzN3wBGaC2h3WoJT74EVuGwZi',
)

const accounts = new Map<number, PrivateKeyAccount>()

/** The account at that place, from 0. A local chain funds the first ten, or as many as it is told to. */
export function localAccount(place: number): PrivateKeyAccount {
  const known = accounts.get(place)
  if (known !== undefined) return known
  const account = privateKeyToAccount(localPrivateKey(place))
  accounts.set(place, account)
  return account
}

/** Its private key, which everybody knows. */
export function localPrivateKey(place: number): Hex {
  return toHex(above.deriveChild(place).privateKey!)
}
