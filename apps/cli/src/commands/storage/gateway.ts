import { join } from 'node:path'
import type { Register } from '../../command.ts'
import { wholeNumber } from '../../parse-options.ts'
import { untilStopped } from '../../services/until-stopped.ts'
import { storageGroup } from './group.ts'

interface StorageGatewayOptions {
  readonly host: string
  readonly port: number
  readonly data?: string
  readonly accessKey?: string
  readonly rootKey?: string
  readonly domain?: readonly string[]
  readonly ipfsHost: string
  readonly ipfsPort?: number
}

export const storageGateway: Register = (program, act) => {
  storageGroup(program)
    .command('gateway')
    .description('serve S3 clients; objects are encrypted before they are kept, for now on this machine')
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
    .addHelpText(
      'after',
      `
Back up the root key: without it nobody reads the objects, with it and the data anybody does.

Examples:
  cairn storage gateway --data ./objects
  aws --endpoint-url http://127.0.0.1:9000 s3 mb s3://photos
  cairn storage publish s3://photos/summit.jpg`,
    )
    .action(
      act(async (cli, options: StorageGatewayOptions) => {
        const { host, port, data, accessKey, rootKey, domain, ipfsHost, ipfsPort } = options
        const home = join(cli.home, 'storage-gateway')
        await untilStopped(cli, 'gateway', async (log) => {
          const createGateway = await cli.gateways.get('storage')!()
          const gateway = await createGateway({
            settings: {
              dataFolder: data ?? join(home, 'data'),
              accessKeyFile: accessKey ?? join(home, 'access-keys.json'),
              rootKeyFile: rootKey ?? join(home, 'root.key'),
              host,
              port,
              domains: domain ?? [],
              ipfsHost,
              ipfsPort,
            },
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
