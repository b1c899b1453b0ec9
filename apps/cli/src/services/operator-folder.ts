import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BaseError } from '@cairn/protocol'
import { isMissing } from '@cairn/runtime'
import type { Cli } from '../command.ts'

/** Which operator is meant is not clear; code `which_device`. */
class OperatorFolderError extends BaseError {}

const folderOfAll = ({ home, networkName }: Pick<Cli, 'home' | 'networkName'>): string =>
  join(home, 'operator', networkName)

/** Where the operator of a device keeps what it has. */
export const operatorFolder = (cli: Pick<Cli, 'home' | 'networkName'>, device: number): string =>
  join(folderOfAll(cli), String(device))

/** The folder of the one operator of this home. @throws OperatorFolderError where there is none, or more than one */
export async function findOperatorFolder(cli: Pick<Cli, 'home' | 'networkName'>): Promise<string> {
  const names = await readdir(folderOfAll(cli)).catch((error) => {
    if (isMissing(error)) return []
    throw error
  })
  if (names.length === 1) return join(folderOfAll(cli), names[0]!)
  throw new OperatorFolderError({
    code: 'which_device',
    field: 'device',
    message: `This home has ${names.length} operators (devices: ${names.join(', ') || 'none'}).`,
    fix: 'Name one with --device, or the folder of its data with --data.',
  })
}
