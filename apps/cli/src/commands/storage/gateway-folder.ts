import { join } from 'node:path'
import type { Cli } from '../../command.ts'

type Home = Pick<Cli, 'home'>
const inHome =
  (name: string) =>
  ({ home }: Home): string =>
    join(home, 'storage-gateway', name)

/** Where a gateway keeps its catalogue, and its contents or the index of them, unless it is said. */
export const gatewayDataFolder = inHome('data')
/** Its root key. */
export const rootKeyPath = inHome('root.key')
/** Its clients' keys. */
export const accessKeyPath = inHome('access-keys.json')
