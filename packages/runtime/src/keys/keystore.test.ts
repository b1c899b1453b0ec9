import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generateDevicePrivateKey } from './device-key.ts'
import { KeystoreError, openKey, parseKeyFile, readKey, sealKey, writeKeyFile } from './keystore.ts'

const cost = 1 << 10

test.each(['p256', 'secp256k1'] as const)('default: a %s key comes back from its file', async (kind) => {
  const privateKey = generateDevicePrivateKey()
  const path = join(mkdtempSync(join(tmpdir(), 'cairn-keys-')), 'key.json')
  await writeKeyFile(path, await sealKey({ kind, privateKey, passphrase: 'stone on stone', cost }))
  expect(await readKey(path, 'stone on stone')).toEqual(privateKey)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readFileSync(path, 'utf8')).not.toContain(Buffer.from(privateKey).toString('hex'))
})

test('error: another passphrase, and any change of the file, open nothing', async () => {
  const file = await sealKey({ kind: 'p256', privateKey: generateDevicePrivateKey(), passphrase: 'a', cost })
  await expect(openKey(file, 'b')).rejects.toMatchObject({ code: 'wrong_passphrase' })
  await expect(openKey({ ...file, kind: 'secp256k1' }, 'a')).rejects.toThrow(KeystoreError)
  const text = file.cipher.text.replace(/^0x./, (start) => (start === '0x0' ? '0x1' : '0x0'))
  await expect(openKey({ ...file, cipher: { ...file.cipher, text } }, 'a')).rejects.toThrow(KeystoreError)
})

test.each(['', '{}', 'null', '{"version":2}'])('error: %j is no key file', (content) => {
  expect(() => parseKeyFile(content)).toThrow(KeystoreError)
})

test('error: a planted cost is refused', async () => {
  const file = await sealKey({ kind: 'p256', privateKey: generateDevicePrivateKey(), passphrase: 'a', cost })
  const planted = { ...file, kdf: { ...file.kdf, n: 2 ** 30 } }
  expect(() => parseKeyFile(JSON.stringify(planted))).toThrow(KeystoreError)
})
