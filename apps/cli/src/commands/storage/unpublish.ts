import type { Register } from '../../command.ts'
import { storageGroup } from './group.ts'
import { openPublisher, type PublisherOptions, withGateway } from './open-publisher.ts'

export const storageUnpublish: Register = (program, act) => {
  withGateway(
    storageGroup(program)
      .command('unpublish')
      .description('let nobody read an object by its CID any more; what others kept of it stays with them')
      .argument('<object>', 'like s3://bucket/key')
      .option('--object-version <id>', 'a version other than the current one'),
  ).action(
    act(async (cli, name: string, options: PublisherOptions & { readonly objectVersion?: string }) => {
      await (await openPublisher(cli, options)).unpublish(name, options.objectVersion)
      cli.output.result({ name }, `${name} is private.`)
    }),
  )
}
