import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type CairnProcess, startCairn } from '@cairn/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

const execute = promisify(execFile)
const work = mkdtempSync(join(tmpdir(), 'cairn-clients-'))
const tree = join(work, 'tree')
let gateway: CairnProcess
let env: NodeJS.ProcessEnv

/** A tree of real files, and one large enough to go in parts; S3 clients of Debian take it to the gateway and back. */
beforeAll(async () => {
  cpSync(join(import.meta.dirname, '..'), join(tree, 'commands'), { recursive: true })
  writeFileSync(join(tree, 'large.bin'), randomBytes(12_000_000))
  mkdirSync(join(tree, 'names'))
  for (const name of ['a b', 'é', '語', "it's", '+&=%41'])
    writeFileSync(join(tree, 'names', name), `the file ${name}`)
  gateway = await startCairn({ home: work, name: 'gateway', args: ['storage', 'gateway', '--port', '0'] })
  const { accessKeys } = JSON.parse(readFileSync(String(gateway.ready.accessKeyFile), 'utf8')) as {
    accessKeys: { accessKeyId: string; secretAccessKey: string }[]
  }
  // Only what is named: a certificate bundle of the machine stops rclone, a proxy all of them.
  env = {
    PATH: process.env.PATH?.split(':')
      .toSorted((a, b) => Number(b === '/usr/bin') - Number(a === '/usr/bin'))
      .join(':'),
    HOME: work,
    LANG: 'C.UTF-8',
    AWS_ACCESS_KEY_ID: accessKeys[0]!.accessKeyId,
    AWS_SECRET_ACCESS_KEY: accessKeys[0]!.secretAccessKey,
    AWS_DEFAULT_REGION: 'us-east-1',
  }
})
afterAll(() => gateway.stop())

const run = async (program: string, args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
  (await execute(program, [...args], { cwd: work, env: { ...env, ...more } })).stdout
const sameAs = async (folder: string) => expect(await run('diff', ['-r', tree, folder])).toBe('')

test('default: awscli takes a tree there and back', async () => {
  const s3 = (...args: string[]) => run('aws', ['--endpoint-url', String(gateway.ready.url), 's3', ...args])
  await s3('mb', 's3://aws')
  await s3('sync', '--quiet', tree, 's3://aws/tree')
  await s3('cp', '--quiet', 's3://aws/tree/large.bin', 's3://aws/copied.bin')
  expect(await s3('ls', 's3://aws/')).toMatch(/PRE tree\/[\s\S]*12000000 copied\.bin/)
  await s3('sync', '--quiet', 's3://aws/tree', 'from-aws')
  await sameAs('from-aws')
  await s3('rb', '--force', 's3://aws')
})

test('default: s3cmd takes a tree there and back', async () => {
  const host = new URL(String(gateway.ready.url)).host
  writeFileSync(
    join(work, 's3cmd.ini'),
    [
      '[default]',
      `access_key = ${env.AWS_ACCESS_KEY_ID}`,
      `secret_key = ${env.AWS_SECRET_ACCESS_KEY}`,
      `host_base = ${host}`,
      `host_bucket = ${host}`,
      'use_https = False',
      'multipart_chunk_size_mb = 5',
    ].join('\n'),
  )
  const s3cmd = (...args: string[]) => run('s3cmd', ['-q', '-c', 's3cmd.ini', ...args])
  await s3cmd('mb', 's3://s3cmd')
  await s3cmd('sync', `${tree}/`, 's3://s3cmd/tree/')
  expect(await run('s3cmd', ['-c', 's3cmd.ini', 'info', 's3://s3cmd/tree/large.bin'])).toMatch(
    /File size:\s+12000000/,
  )
  mkdirSync(join(work, 'from-s3cmd'))
  await s3cmd('sync', 's3://s3cmd/tree/', 'from-s3cmd/')
  await sameAs('from-s3cmd')
  await s3cmd('rb', '--recursive', 's3://s3cmd')
})

test('default: rclone takes a tree there and back', async () => {
  const settings = {
    RCLONE_CONFIG_CAIRN_TYPE: 's3',
    RCLONE_CONFIG_CAIRN_PROVIDER: 'Other',
    RCLONE_CONFIG_CAIRN_ENV_AUTH: 'true',
    RCLONE_CONFIG_CAIRN_ENDPOINT: String(gateway.ready.url),
    RCLONE_CONFIG_CAIRN_REGION: 'us-east-1',
  }
  const rclone = (...args: string[]) => run('rclone', ['-q', ...args], settings)
  await rclone('mkdir', 'cairn:rclone')
  await rclone('copy', '--s3-upload-cutoff', '6M', '--s3-chunk-size', '5M', tree, 'cairn:rclone/tree')
  await rclone('copy', 'cairn:rclone/tree', 'from-rclone')
  await sameAs('from-rclone')
  await rclone('purge', 'cairn:rclone')
})

test('default: restic backs a tree up and restores it', async () => {
  const settings = {
    RESTIC_PASSWORD: 'of the tests',
    RESTIC_REPOSITORY: `s3:${String(gateway.ready.url)}/restic`,
    RESTIC_CACHE_DIR: join(work, 'cache'),
  }
  const restic = (...args: string[]) => run('restic', ['-q', ...args], settings)
  await restic('init')
  await restic('backup', 'tree')
  await restic('check', '--read-data')
  await restic('restore', 'latest', '--target', 'from-restic')
  await sameAs('from-restic/tree')
})
