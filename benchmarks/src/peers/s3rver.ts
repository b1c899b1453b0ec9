import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { NotMeasuredError } from '../row.ts'
import { type S3Server, startNode } from '../workloads/s3-server.ts'

const run = promisify(execFile)

/** The S3 server on npm that keeps objects as files: one copy, in the clear, never synced; of version 4 signatures it reads the key's name alone. */
export const s3rverPackage = 's3rver@3.7.1'

const startArguments = ['-a', '127.0.0.1', '-p', '0', '-s', '--no-vhost-buckets']

/** How the peer is named where its figures are printed. */
export const s3rverCommand = `npx ${s3rverPackage} -d DATA ${startArguments.join(' ')}`

/**
 * Installs the package in a folder and starts it on another one in there.
 *
 * @throws NotMeasuredError where npm can not install it
 */
export async function startS3rver(folder: string): Promise<S3Server> {
  const home = join(folder, 's3rver')
  try {
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefix', home, s3rverPackage])
  } catch (error) {
    throw new NotMeasuredError(
      `${s3rverPackage} could not be installed: ${error instanceof Error ? error.message : String(error)}`,
      'Run where the npm registry is in reach.',
    )
  }
  const program = join(home, 'node_modules/s3rver/bin/s3rver.js')
  const { ready, stop } = await startNode(
    [program, '-d', join(home, 'data'), ...startArguments],
    /listening on ([\d.]+:\d+)/,
  )
  // Its only account (models/account.js).
  return { origin: `http://${ready[1]}`, accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', stop }
}
