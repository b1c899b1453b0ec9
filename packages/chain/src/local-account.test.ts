import { mnemonicToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { LOCAL_MNEMONIC, localAccount, localPrivateKey } from './local-account.ts'

test('default: accounts are those of the mnemonic', () => {
  for (let addressIndex = 0; addressIndex < 10; addressIndex++) {
    const { address, getHdKey } = mnemonicToAccount(LOCAL_MNEMONIC, { addressIndex })
    expect(localAccount(addressIndex).address).toBe(address)
    expect(Buffer.from(localPrivateKey(addressIndex).slice(2), 'hex')).toEqual(
      Buffer.from(getHdKey().privateKey!),
    )
  }
})
