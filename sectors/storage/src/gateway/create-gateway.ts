import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { BaseError, type GatewayFactory } from '@cairn/protocol'
import { fileExists } from '@cairn/runtime'
import { readAccessKeys, readRootKey } from './key-files.ts'
import { startS3Gateway } from './s3-gateway.ts'

/** The settings of a gateway that it does not have, or can not use; code `malformed_gateway_setting`. */
export class GatewaySettingError extends BaseError {
  override readonly name = 'GatewaySettingError'
}

interface GatewaySettings {
  readonly dataFolder: string
  readonly accessKeyFile: string
  readonly rootKeyFile: string
  readonly host: string
  readonly port: number
  readonly domains: readonly string[]
}

/** Starts the S3 gateway with its keys from files, which it makes at its first start. @throws KeyFileError, FolderInUseError, GatewaySettingError, AddressNotAvailableError */
export const createGateway: GatewayFactory = async ({ settings, now, onError }) => {
  const { dataFolder, accessKeyFile, rootKeyFile, host, port, domains } = parseSettings(settings)
  const isNewAllowed = !(await fileExists(join(dataFolder, 'catalogue')))
  const { rootKey, isNew: isRootKeyNew } = await readRootKey(rootKeyFile, {
    isNewAllowed,
    random: randomBytes,
  })
  const { accessKeys, isNew: isAccessKeyNew } = await readAccessKeys(accessKeyFile, randomBytes)
  const options = { dataFolder, rootKey, accessKeys, host, port, domains, now, onError }
  const { url, stop } = await startS3Gateway(options)
  return { url, stop, facts: { dataFolder, rootKeyFile, isRootKeyNew, accessKeyFile, isAccessKeyNew } }
}

function parseSettings(settings: unknown): GatewaySettings {
  const fields = (typeof settings === 'object' && settings !== null ? settings : {}) as Record<
    string,
    unknown
  >
  const text = (field: string) => {
    const value = fields[field]
    if (typeof value === 'string' && value !== '') return value
    throw malformed(field, value, 'a text that is not empty')
  }
  const { port, domains } = fields
  if (!Number.isInteger(port) || Number(port) < 0 || Number(port) > 65_535)
    throw malformed('port', port, 'a whole number from 0 to 65535')
  const isDomains =
    Array.isArray(domains) && domains.every((domain) => typeof domain === 'string' && domain !== '')
  if (!isDomains) throw malformed('domains', domains, 'a list of domain names')
  return {
    dataFolder: text('dataFolder'),
    accessKeyFile: text('accessKeyFile'),
    rootKeyFile: text('rootKeyFile'),
    host: text('host'),
    port: Number(port),
    domains: (domains as string[]).map((domain) => domain.toLowerCase()),
  }
}

function malformed(field: string, value: unknown, expected: string): GatewaySettingError {
  return new GatewaySettingError({
    code: 'malformed_gateway_setting',
    message: `The setting ${field} of the storage gateway is ${JSON.stringify(value) ?? 'missing'}.`,
    fix: `Give it ${expected}.`,
    field,
  })
}
