import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { BaseError, type Gateway, type GatewayOptions } from '@cairn/protocol'
import { fileExists, systemClock } from '@cairn/runtime'
import { deriveSignerSecret } from '../customer/derive-signer-secret.ts'
import type { OpenGatewayChain } from '../customer/gateway-chain.ts'
import { type OverOperators, openOverOperators } from '../customer/open-over-operators.ts'
import { type OperatorSettings, parseOperatorSettings } from '../customer/operator-settings.ts'
import { slabIndexPath } from '../slab/slab-index.ts'
import { readAccessKeys, readRootKey } from './key-files.ts'
import { startS3Gateway } from './s3-gateway.ts'

/** The settings of a gateway that it does not have, or can not use; codes `malformed_gateway_setting`, `other_place`. */
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
  /** Undefined keeps contents in the data folder. */
  readonly operators: OperatorSettings | undefined
}

/** What hosts give a gateway of storage. */
export interface StorageGatewayOptions extends GatewayOptions {
  /** Brings the chain that operators are found on; needed with the setting `operators`. */
  readonly openChain?: OpenGatewayChain
}

/**
 * Starts the S3 gateway with its keys from files, which it makes at its first start.
 *
 * @throws KeyFileError, FolderInUseError, GatewaySettingError, AddressNotAvailableError; SlabError `too_few_operators` for a code that the operators cannot honour
 */
export async function createGateway(options: StorageGatewayOptions): Promise<Gateway> {
  const { now, onError } = options
  const settings = parseSettings(options.settings)
  const { dataFolder, accessKeyFile, rootKeyFile, host, port, domains, ipfs } = settings
  const isNewAllowed = !(await fileExists(join(dataFolder, 'catalogue')))
  await requireSamePlace(dataFolder, settings.operators !== undefined)
  const { rootKey, isNew: isRootKeyNew } = await readRootKey(rootKeyFile, {
    isNewAllowed,
    random: randomBytes,
  })
  const { accessKeys, isNew: isAccessKeyNew } = await readAccessKeys(accessKeyFile, randomBytes)
  const network = await openNetwork(settings, rootKey, options)
  try {
    const content = network?.content
    const openJournal = network?.openJournal
    const s3 = {
      ...{ dataFolder, rootKey, content, openJournal, accessKeys },
      ...{ host, port, domains, ipfs, now, onError },
    }
    const { url, ipfsUrl, stop } = await startS3Gateway(s3)
    network?.start()
    return {
      url,
      facts: {
        ...{ dataFolder, rootKeyFile, isRootKeyNew, accessKeyFile, isAccessKeyNew },
        ...(ipfsUrl === undefined ? {} : { ipfsUrl }),
        ...network?.facts(),
      },
      async stop() {
        await stop()
        await network?.close()
      },
    }
  } catch (error) {
    await network?.close()
    throw error
  }
}

/** Contents over operators; undefined where they stay on this machine. */
async function openNetwork(
  { dataFolder, operators }: GatewaySettings,
  rootKey: Uint8Array,
  { openChain, onError }: StorageGatewayOptions,
): Promise<OverOperators | undefined> {
  if (operators === undefined) return undefined
  if (openChain === undefined) throw malformed('operators', operators, 'nothing, where no chain is connected')
  const chain = await openChain(deriveSignerSecret(rootKey))
  const folder = join(dataFolder, 'slabs')
  return openOverOperators({
    ...{ folder, chain, rootKey, settings: operators },
    catalogueFolder: join(dataFolder, 'catalogue'),
    ...{ clock: systemClock(), random: randomBytes, onError },
  })
}

/** Contents of a folder are all on this machine, or all with operators. */
async function requireSamePlace(dataFolder: string, isOverOperators: boolean): Promise<void> {
  const other = isOverOperators ? join(dataFolder, 'content') : slabIndexPath(join(dataFolder, 'slabs'))
  if (!(await fileExists(other))) return
  throw new GatewaySettingError({
    code: 'other_place',
    message: `The contents of ${dataFolder} are ${isOverOperators ? 'on this machine' : 'with operators'}.`,
    fix: `Start the gateway ${isOverOperators ? 'without' : 'with'} --operators, or name another folder with --data.`,
    field: 'dataFolder',
    value: dataFolder,
  })
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
    operators:
      fields.operators === undefined ? undefined : parseOperatorSettings(fields.operators, malformed),
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
