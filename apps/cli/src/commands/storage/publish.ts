import type { Register } from '../../command.ts'
import { storageGroup } from './group.ts'
import { openPublisher, type PublisherOptions, withGateway } from './open-publisher.ts'

export const storagePublish: Register = (program, act) => {
  withGateway(
    storageGroup(program)
      .command('publish')
      .description('let everybody read an object, unencrypted, by the CID that this prints')
      .argument('<object>', 'like s3://bucket/key')
      .option('--object-version <id>', 'a version other than the current one'),
  )
    .addHelpText(
      'after',
      `
Gateways and caches of others may keep what was once public. The gateway serves it on its --ipfs-port:

Examples:
  cairn storage publish s3://photos/summit.jpg
  curl 'http://127.0.0.1:8080/ipfs/<cid>?format=car' > summit.car`,
    )
    .action(
      act(async (cli, name: string, options: PublisherOptions & { readonly objectVersion?: string }) => {
        const published = await (await openPublisher(cli, options)).publish(name, options.objectVersion)
        cli.output.result({ ...published }, `${published.name} is public as ${published.cid}.`)
      }),
    )
}
