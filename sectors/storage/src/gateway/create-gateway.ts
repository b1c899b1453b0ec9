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
  readonly ipfs: { readonly host: string; readonly port: number } | undefined
}

/** Starts the S3 gateway with its keys from files, which it makes at its first start. @throws KeyFileError, FolderInUseError, GatewaySettingError, AddressNotAvailableError */
export const createGateway: GatewayFactory = async ({ settings, now, onError }) => {
  const { dataFolder, accessKeyFile, rootKeyFile, host, port, domains, ipfs } = parseSettings(settings)
  const isNewAllowed = !(await fileExists(join(dataFolder, 'catalogue')))
  const { rootKey, isNew: isRootKeyNew } = await readRootKey(rootKeyFile, {
    isNewAllowed,
    random: randomBytes,
  })
  const { accessKeys, isNew: isAccessKeyNew } = await readAccessKeys(accessKeyFile, randomBytes)
  const options = { dataFolder, rootKey, accessKeys, host, port, domains, ipfs, now, onError }
  const { url, ipfsUrl, stop } = await startS3Gateway(options)
  const facts = { dataFolder, rootKeyFile, isRootKeyNew, accessKeyFile, isAccessKeyNew }
  return { url, stop, facts: ipfsUrl === undefined ? facts : { ...facts, ipfsUrl } }
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
  const number = (field: string) => {
    const value = fields[field]
    if (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535) return Number(value)
    throw malformed(field, value, 'a whole number from 0 to 65535')
  }
  const { domains } = fields
  const isDomains =
    Array.isArray(domains) && domains.every((domain) => typeof domain === 'string' && domain !== '')
  if (!isDomains) throw malformed('domains', domains, 'a list of domain names')
  return {
    dataFolder: text('dataFolder'),
    accessKeyFile: text('accessKeyFile'),
    rootKeyFile: text('rootKeyFile'),
    host: text('host'),
    port: number('port'),
    ipfs: fields.ipfsPort === undefined ? undefined : { host: text('ipfsHost'), port: number('ipfsPort') },
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
