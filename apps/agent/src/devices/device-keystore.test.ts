import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVerifyP256 } from '@cairn/runtime'
import { expect, test } from 'vitest'
import { createDeviceKey, listDeviceKeys, openDevice } from './device-keystore.ts'

const newFolder = (): string => join(mkdtempSync(join(tmpdir(), 'cairn-keys-')), 'keys')
const cost = 1 << 10

test('default: a key that is made can be opened, listed and signs', async () => {
  const folder = newFolder()
  expect(await listDeviceKeys(folder)).toEqual([])
  const key = await createDeviceKey({ folder, name: 'roof', passphrase: 'long enough', cost })
  await createDeviceKey({ folder, name: 'mast-2', passphrase: 'other', cost })
  expect(await listDeviceKeys(folder)).toEqual(['mast-2', 'roof'])
  expect(statSync(join(folder, 'roof.key.json')).mode & 0o777).toBe(0o600)
  const device = await openDevice({ folder, name: 'roof', passphrase: 'long enough', index: 3 })
  expect(device).toMatchObject({ name: 'roof', index: 3 })
  expect(device.signer.key).toEqual(key)
  const message = Uint8Array.of(1, 2, 3)
  expect(createVerifyP256()(key, message, device.signer.sign(message))).toBe(true)
})

test('error: a key is never replaced, and must exist to be opened', async () => {
  const folder = newFolder()
  await createDeviceKey({ folder, name: 'roof', passphrase: 'a', cost })
  await expect(createDeviceKey({ folder, name: 'roof', passphrase: 'a', cost })).rejects.toMatchObject({
    code: 'device_exists',
  })
  await expect(openDevice({ folder, name: 'mast', passphrase: 'a', index: 0 })).rejects.toMatchObject({
    code: 'unknown_device',
  })
  await expect(openDevice({ folder, name: 'roof', passphrase: 'b', index: 0 })).rejects.toMatchObject({
    code: 'wrong_passphrase',
  })
})

test.for(['', '../roof', 'Roof', '.roof', 'a'.repeat(65)])('error: %j names no device', async (name) => {
  await expect(createDeviceKey({ folder: newFolder(), name, passphrase: 'a', cost })).rejects.toMatchObject({
    code: 'wrong_option',
    field: 'name',
  })
})
