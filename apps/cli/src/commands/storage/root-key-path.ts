import { join } from 'node:path'
import type { Cli } from '../../command.ts'

/** Where a gateway's root key is, unless it is said. */
export const rootKeyPath = ({ home }: Pick<Cli, 'home'>): string => join(home, 'storage-gateway', 'root.key')
