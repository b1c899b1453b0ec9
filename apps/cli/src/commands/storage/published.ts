import type { Register } from '../../command.ts'
import { storageGroup } from './group.ts'
import { openPublisher, type PublisherOptions, withGateway } from './open-publisher.ts'
import type { Published } from './storage-tools.ts'

export const storagePublished: Register = (program, act) => {
  withGateway(storageGroup(program).command('published').description('list what everybody may read')).action(
    act(async (cli, options: PublisherOptions) => {
      const published: Published[] = []
      for await (const one of (await openPublisher(cli, options)).list()) published.push(one)
      const lines = published.map(({ cid, sizeBytes, name }) => `${cid}  ${sizeBytes}  ${name}`)
      cli.output.result({ published }, lines.length === 0 ? 'Nothing is public.' : lines.join('\n'))
    }),
  )
}
