import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeviceKey } from '@cairn/protocol'
import {
  type DeviceSigner,
  deviceKeyOf,
  deviceSigner,
  fileExists,
  generateDevicePrivateKey,
  isMissing,
  readKey,
  sealKey,
  writeKeyFile,
} from '@cairn/runtime'
import { AgentError } from '../agent-error.ts'

/** A device that the agent signs for. */
export interface AgentDevice {
  /** What settings and drivers call it. */
  readonly name: string
  /** Its index in the network, from onboarding. */
  readonly index: number
  readonly signer: DeviceSigner
}

export interface DeviceKeyOptions {
  /** Folder of the key files, one a device. */
  readonly folder: string
  /** 1 to 64 of a–z, 0–9, dot, dash and underscore, beginning with a letter or digit. */
  readonly name: string
  readonly passphrase: string
  /** scrypt's N, see `sealKey`. */
  readonly cost?: number
}

const extension = '.key.json'

/**
 * Makes a device's key and seals it into a new file. What it returns is what onboarding needs.
 *
 * @throws AgentError `device_exists`, `wrong_option`
 */
export async function createDeviceKey({
  folder,
  name,
  passphrase,
  cost,
}: DeviceKeyOptions): Promise<DeviceKey> {
  const path = pathOf(folder, name)
  if (await fileExists(path)) throw deviceExists(name, path)
  const privateKey = generateDevicePrivateKey()
  await writeKeyFile(
    path,
    await sealKey({ kind: 'p256', privateKey, passphrase, ...(cost === undefined ? {} : { cost }) }),
  )
  return deviceKeyOf(privateKey)
}

/** Opens a device's key. @throws AgentError `unknown_device`, KeystoreError */
export async function openDevice({
  folder,
  name,
  passphrase,
  index,
}: DeviceKeyOptions & { readonly index: number }): Promise<AgentDevice> {
  const path = pathOf(folder, name)
  if (!(await fileExists(path))) throw noKey(name, path)
  return { name, index, signer: deviceSigner(await readKey(path, passphrase)) }
}

/** Names of the devices with a key in the folder, sorted. */
export async function listDeviceKeys(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error) => {
    if (isMissing(error)) return []
    throw error
  })
  return names
    .filter((name) => name.endsWith(extension))
    .map((name) => name.slice(0, -extension.length))
    .sort()
}

function pathOf(folder: string, name: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name)) return join(folder, `${name}${extension}`)
  throw new AgentError({
    code: 'wrong_option',
    field: 'name',
    value: JSON.stringify(name.slice(0, 80)),
    message: `${JSON.stringify(name.slice(0, 80))} can not name a device: names are file names too.`,
    fix: 'Use 1 to 64 of a–z, 0–9, dot, dash and underscore, beginning with a letter or digit.',
  })
}

const deviceExists = (name: string, path: string): AgentError =>
  new AgentError({
    code: 'device_exists',
    field: 'name',
    value: name,
    message: `There is a key of a device ${name} already, in ${path}.`,
    fix: 'Choose another name. A key is never replaced: a device that loses it loses its identity.',
  })

const noKey = (name: string, path: string): AgentError =>
  new AgentError({
    code: 'unknown_device',
    field: 'name',
    value: name,
    message: `There is no key of a device ${name}: ${path} does not exist.`,
    fix: 'Make one and onboard it, or correct the name in the settings.',
  })
