import { join } from 'node:path'
import { BaseError } from '@cairn/protocol'
import { fileExists } from '@cairn/runtime'

/** There is no gateway over operators in a folder. Code: `no_gateway`. */
class GatewayRecordsError extends BaseError {
  override readonly name = 'GatewayRecordsError'
}

/**
 * What a gateway put on record of a device: records of 70 bytes, each with a signature of 65, oldest first. The gateway may run.
 *
 * @throws GatewayRecordsError
 */
export async function readGatewayRecords(dataFolder: string, device: number): Promise<readonly Uint8Array[]> {
  const [{ readRecordsOf }, { slabIndexPath }] = await Promise.all([
    import('../slab/record-table.ts'),
    import('../slab/slab-index.ts'),
  ])
  const path = slabIndexPath(join(dataFolder, 'slabs'))
  if (await fileExists(path)) return readRecordsOf(path, device)
  throw new GatewayRecordsError({
    code: 'no_gateway',
    message: `There is no gateway over operators at ${dataFolder}.`,
    fix: 'Name its data folder with --data.',
    field: 'data',
    value: dataFolder,
  })
}
