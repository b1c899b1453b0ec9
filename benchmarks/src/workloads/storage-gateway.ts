import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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
