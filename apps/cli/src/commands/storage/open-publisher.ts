import type { Command } from 'commander'
import type { Cli } from '../../command.ts'
import { accessKeyPath } from './gateway-folder.ts'
import type { Publisher } from './storage-tools.ts'

/** Which gateway, and with which key. */
export interface PublisherOptions {
  readonly endpoint: string
  readonly accessKey?: string
}

/** The options of every command that speaks to a gateway. */
export function withGateway(command: Command): Command {
  return command
    .option('--endpoint <url>', 'the gateway', 'http://127.0.0.1:9000')
    .option('--access-key <file>', "the gateway's file of access keys, of which the first is used")
}

export async function openPublisher(cli: Cli, { endpoint, accessKey }: PublisherOptions): Promise<Publisher> {
  const tools = await cli.tools.storage()
  const accessKeyFile = accessKey ?? accessKeyPath(cli)
  return tools.openPublisher({ endpoint, accessKeyFile, now: Date.now, signal: cli.signal })
}
