import { join } from 'node:path'
import type { Cli } from './command.ts'

/** Keys of simulated devices of the local network are sealed under this word: they guard nothing. */
const LOCAL_PASSPHRASE = 'local'

/** Folder of the device keys of a network. */
export function deviceFolder({ home, networkName }: Pick<Cli, 'home' | 'networkName'>): string {
  return join(home, 'devices', networkName)
}

/** What device keys are sealed under: CAIRN_PASSPHRASE. */
export function devicePassphrase({ env, networkName }: Pick<Cli, 'env' | 'networkName'>): string {
  return env.CAIRN_PASSPHRASE ?? (networkName === 'local' ? LOCAL_PASSPHRASE : '')
}
