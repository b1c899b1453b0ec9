import { join } from 'node:path'
import { fromHex } from '@cairn/protocol'
import {
  type DeviceSigner,
  deviceSigner,
  generateDevicePrivateKey,
  readKey,
  sealKey,
  writeKeyFile,
} from '@cairn/runtime'
import type { Cli } from './command.ts'

/** Where a device's key is kept, by its name at the agent. */
export function deviceKeyPath(
  { home, networkName }: Pick<Cli, 'home' | 'networkName'>,
  name: string,
): string {
  return join(home, 'devices', networkName, `${name}.json`)
}

/** Makes a P-256 key and seals it under the passphrase in CAIRN_PASSPHRASE. */
export async function createDeviceKey(
  cli: Cli,
  name: string,
): Promise<{ signer: DeviceSigner; path: string }> {
  const privateKey = generateDevicePrivateKey()
  const path = deviceKeyPath(cli, name)
  await writeKeyFile(path, await sealKey({ kind: 'p256', privateKey, passphrase: passphraseOf(cli) }))
  return { signer: deviceSigner(privateKey), path }
}

export async function openDeviceKey(cli: Cli, path: string): Promise<DeviceSigner> {
  return deviceSigner(await readKey(path, passphraseOf(cli)))
}

export function ownerBytes(address: `0x${string}`): Uint8Array {
  return fromHex(address)
}

function passphraseOf({ env }: Cli): string {
  return env.CAIRN_PASSPHRASE ?? ''
}
