import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDiskTown } from '@cairn/testing'
import { type S3Server, startNode } from './s3-server.ts'

const cli = fileURLToPath(new URL('../../../apps/cli/src/main.ts', import.meta.url))

/** How the gateway is named where its figures are printed. */
export const gatewayCommand = 'cairn storage gateway --data DATA --port 0 --access-key KEYS'

/** `cairn storage gateway` with everything it keeps in a folder. */
export async function startStorageGateway(folder: string): Promise<S3Server> {
  const key = { accessKeyId: 'BENCHMARK', secretAccessKey: 'of-benchmarks-alone' }
  const keys = join(folder, 'access-keys.json')
  await writeFile(keys, JSON.stringify({ accessKeys: [key] }))
  const options = ['--json', '--data', join(folder, 'data'), '--port', '0', '--access-key', keys]
  const { ready, stop } = await startNode(
    [cli, 'storage', 'gateway', ...options],
    /"url":\s*"(http:\/\/[^"]+?)\/?"/,
    { CAIRN_HOME: join(folder, 'cairn') },
  )
  return { origin: ready[1]!, ...key, stop }
}

/** How the gateway over operators is named where its figures are printed. */
export const codedGatewayCommand =
  'cairn chain run; six times cairn agent run --sector storage --capacity 16GiB, each with a rail to it; cairn storage gateway --operators --code 4/6'

/** `cairn storage gateway --operators` over six agents on this machine, each of its own owner, any four of which give an object back. */
export async function startCodedGateway(folder: string): Promise<S3Server> {
  const town = await openDiskTown(folder, { disks: 6, capacity: '16GiB' })
  try {
    const args = ['storage', 'gateway', '--operators', '--code', '4/6', '--port', '0']
    const { ready } = await town.start('gateway', args)
    const { accessKeys } = JSON.parse(await readFile(String(ready.accessKeyFile), 'utf8'))
    const { accessKeyId, secretAccessKey } = accessKeys[0]
    const origin = String(ready.url).replace(/\/$/, '')
    return { origin, accessKeyId, secretAccessKey, stop: town.close }
  } catch (error) {
    await town.close()
    throw error
  }
}
