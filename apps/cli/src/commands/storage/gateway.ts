import { InvalidArgumentError } from 'commander'
import type { Register } from '../../command.ts'
import { openNetwork } from '../../open-network.ts'
import { duration, wholeNumber } from '../../parse-options.ts'
import { untilStopped } from '../../services/until-stopped.ts'
import { createGatewayChain } from '../../storage/gateway-chain.ts'
import { accessKeyPath, gatewayDataFolder, rootKeyPath } from './gateway-folder.ts'
import { storageGroup } from './group.ts'

/** How often rails are read and operators asked for their room, ms. */
const refreshMs = 10_000

interface ErasureCode {
  readonly dataRows: number
  readonly rows: number
}

interface StorageGatewayOptions {
  readonly host: string
  readonly port: number
  readonly data?: string
  readonly accessKey?: string
  readonly rootKey?: string
  readonly domain?: readonly string[]
  readonly ipfsHost: string
  readonly ipfsPort?: number
  readonly operators: boolean
  readonly code?: ErasureCode
  readonly rowsPerOperator: number
  readonly country?: readonly string[]
  readonly bundleEvery: number
  readonly rebuildAfter: number
  readonly auditEvery: number
  readonly restore: boolean
}

export const storageGateway: Register = (program, act) => {
  storageGroup(program)
    .command('gateway')
    .description(
      'serve S3 clients; objects are encrypted before they are kept, on this machine or with operators',
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on', wholeNumber(0, 65_535), 9000)
    .option('--data <folder>', 'where the catalogue and the encrypted contents are kept')
    .option(
      '--access-key <file>',
      'access keys and their secrets, as JSON; made with one key when it is missing',
    )
    .option('--root-key <file>', 'the key that everything is encrypted under; made when there is no data yet')
    .option(
      '--domain <name...>',
      'domains below which a bucket may stand in the host, as in bucket.s3.example.org',
      ['s3.localhost'],
    )
    .option(
      '--ipfs-port <number>',
      'port to serve published objects to everybody on, by CID (IPFS trustless gateway)',
      wholeNumber(0, 65_535),
    )
    .option('--ipfs-host <address>', 'address to serve them on', '127.0.0.1')
    .option(
      '--operators',
      "keep contents with the operators of this gateway's rails (`cairn storage signer`), erasure-coded",
      false,
    )
    .option(
      '--code <k/n>',
      'with operators: always this code, any k of n rows give an object back',
      erasureCode,
    )
    .option(
      '--rows-per-operator <number>',
      'with operators: rows of one slab that one operator may have',
      wholeNumber(1, 255),
      1,
    )
    .option('--country <code...>', 'with operators: only those that say they are there, like CH', upperCase)
    .option(
      '--bundle-every <time>',
      'with operators: longest that a row waits before it goes on chain, under proof',
      duration,
      3_600,
    )
    .option(
      '--rebuild-after <time>',
      'with operators: how long one may be silent before its rows are made again elsewhere',
      duration,
      43_200,
    )
    .option(
      '--audit-every <time>',
      'with operators: how often each is asked for a row, and placements follow its reputation',
      duration,
      21_600,
    )
    .option(
      '--restore',
      'with operators: make a lost data folder again, from the root key and what operators have',
      false,
    )
    .addHelpText(
      'after',
      `
Back up the root key: without it nobody reads the objects, with it and the data anybody does.

With operators the root key is all there is to back up: --restore makes the data folder again, as of the last answer that was given.
Open rails first, each to a device of another owner: cairn storage rail open 7 25 --signer $(cairn storage signer)
What is read is paid by vouchers; let the gateway sign them: cairn voucher signer $(cairn storage signer)
Bundles of deleted objects are removed from the chain by that address: give it a little for gas, or they stay paid for.

Examples:
  cairn storage gateway --data ./objects
  cairn storage gateway --operators --code 10/16 --country CH DE
  aws --endpoint-url http://127.0.0.1:9000 s3 mb s3://photos
  cairn storage publish s3://photos/summit.jpg`,
    )
    .action(
      act(async (cli, options: StorageGatewayOptions) => {
        const { host, port, data, accessKey, rootKey, domain, ipfsHost, ipfsPort } = options
        const {
          operators,
          code,
          rowsPerOperator,
          country: countries,
          bundleEvery,
          rebuildAfter,
          auditEvery,
          restore,
        } = options
        await untilStopped(cli, 'gateway', async (log) => {
          const createGateway = await cli.gateways.get('storage')!()
          const gateway = await createGateway({
            settings: {
              dataFolder: data ?? gatewayDataFolder(cli),
              accessKeyFile: accessKey ?? accessKeyPath(cli),
              rootKeyFile: rootKey ?? rootKeyPath(cli),
              host,
              port,
              domains: domain ?? [],
              ipfsHost,
              ipfsPort,
              operators: operators
                ? {
                    code,
                    rowsPerOperator,
                    countries,
                    bundleMs: bundleEvery * 1_000,
                    rebuildMs: rebuildAfter * 1_000,
                    auditMs: auditEvery * 1_000,
                    restore,
                    refreshMs,
                  }
                : undefined,
            },
            openChain: async (secret) => createGatewayChain(await openNetwork(cli), secret),
            now: Date.now,
            onError: (error) => log.error({ err: error }, 'a request failed'),
          })
          const { url, facts } = gateway
          if (facts.isRootKeyNew === true)
            cli.output.note(`A root key was made at ${String(facts.rootKeyFile)}: back it up now.`)
          return {
            done: new Promise<never>(() => undefined),
            stop: () => gateway.stop(),
            ready: { url, ...facts },
          }
        })
      }),
    )
}

/** For commander: an erasure code, like 10/16. */
function erasureCode(text: string): ErasureCode {
  const [, dataRows, rows] = /^([1-9]\d{0,2})\/([1-9]\d{0,2})$/.exec(text) ?? []
  if (Number(dataRows) < Number(rows) && Number(rows) <= 255)
    return { dataRows: Number(dataRows), rows: Number(rows) }
  throw new InvalidArgumentError('expected data rows and all rows, like 10/16, and 255 at most')
}

function upperCase(text: string, before: readonly string[] = []): readonly string[] {
  if (/^[A-Za-z]{2}$/.test(text)) return [...before, text.toUpperCase()]
  throw new InvalidArgumentError('expected a country as two letters, like CH')
}
