import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type CairnProcess, runCairn, startCairn } from '@cairn/testing'
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
  gateway = await startCairn({
    home: work,
    name: 'gateway',
    args: ['storage', 'gateway', '--port', '0', '--ipfs-port', '0'],
  })
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

test('default: boto3 streams, sends in parts, signs URLs, and checks what it gets', async () => {
  writeFileSync(join(work, 'client.py'), boto3Client)
  const printed = await run('/usr/bin/python3', ['client.py', String(gateway.ready.url), 'tree/large.bin'])
  expect(printed.trim().split('\n').at(-1)).toBe('all right')
})

/** Debian's boto3 is of before checksums by default, so it is told to send one; newer ones do by themselves. */
const boto3Client = `
import hashlib, io, sys, urllib.request
import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

url, large = sys.argv[1:]
s3 = boto3.client('s3', endpoint_url=url, config=Config(signature_version='s3v4', s3={'addressing_style': 'path'}))
data = open(large, 'rb').read()
s3.create_bucket(Bucket='boto3')

s3.put_object(Bucket='boto3', Key='streamed', Body=open(large, 'rb'), ChecksumAlgorithm='SHA256')
got = s3.get_object(Bucket='boto3', Key='streamed', ChecksumMode='ENABLED')
assert got['ChecksumSHA256'], got
assert got['Body'].read() == data

parts = TransferConfig(multipart_threshold=5 * 2**20, multipart_chunksize=5 * 2**20)
s3.upload_file(large, 'boto3', 'parts', Config=parts, ExtraArgs={'ChecksumAlgorithm': 'SHA1', 'Metadata': {'of': 'tests'}})
head = s3.head_object(Bucket='boto3', Key='parts')
assert head['ETag'].endswith('-3"') and head['Metadata'] == {'of': 'tests'}, head
back = io.BytesIO()
s3.download_fileobj('boto3', 'parts', back, Config=parts)
assert hashlib.sha256(back.getvalue()).digest() == hashlib.sha256(data).digest()
assert s3.get_object(Bucket='boto3', Key='parts', Range='bytes=5242870-5242889')['Body'].read() == data[5242870:5242890]

put = s3.generate_presigned_url('put_object', Params={'Bucket': 'boto3', 'Key': 'presigned é'})
assert urllib.request.urlopen(urllib.request.Request(put, data=b'presigned', method='PUT')).status == 200
get = s3.generate_presigned_url('get_object', Params={'Bucket': 'boto3', 'Key': 'presigned é'})
assert urllib.request.urlopen(get).read() == b'presigned'

try:
    s3.put_object(Bucket='boto3', Key='wrong', Body=b'a', ContentMD5='1B2M2Y8AsgTpgAmY7PhCfg==')
    assert False, 'a wrong digest was taken'
except ClientError as error:
    assert error.response['Error']['Code'] == 'BadDigest', error
for key in range(12):
    s3.put_object(Bucket='boto3', Key=f'many/{key}', Body=b'')
pages = s3.get_paginator('list_objects_v2').paginate(Bucket='boto3', PaginationConfig={'PageSize': 5})
keys = [entry['Key'] for page in pages for entry in page.get('Contents', [])]
assert len(keys) == 15, keys
deleted = s3.delete_objects(Bucket='boto3', Delete={'Objects': [{'Key': key} for key in keys]})
assert len(deleted['Deleted']) == 15 and 'Errors' not in deleted, deleted
s3.delete_bucket(Bucket='boto3')
print('all right')
`

// Containers often have no FUSE.
test.skipIf(!existsSync('/dev/fuse'))('default: s3fs mounts a bucket as a folder', async () => {
  const folder = join(work, 'mounted')
  mkdirSync(folder)
  const secrets = { AWSACCESSKEYID: env.AWS_ACCESS_KEY_ID, AWSSECRETACCESSKEY: env.AWS_SECRET_ACCESS_KEY }
  await run('aws', ['--endpoint-url', String(gateway.ready.url), 's3', 'mb', 's3://s3fs'])
  const options = `url=${String(gateway.ready.url)},use_path_request_style,multipart_size=5,retries=1`
  await run('s3fs', ['s3fs', folder, '-o', options], secrets)
  try {
    await run('cp', ['-r', tree, `${folder}/`])
    await run('mv', [`${folder}/tree/large.bin`, `${folder}/tree/moved.bin`])
    await run('mv', [`${folder}/tree/moved.bin`, `${folder}/tree/large.bin`])
    await sameAs(`${folder}/tree`)
  } finally {
    await run('fusermount', ['-u', '-z', folder])
  }
})

test('default: what is published is read by its CID, in a CAR whose every block is named by its digest', async () => {
  const endpoint = String(gateway.ready.url)
  const s3 = (...args: string[]) => run('aws', ['--endpoint-url', endpoint, 's3', ...args])
  await s3('mb', 's3://public')
  await s3('cp', '--quiet', join(tree, 'large.bin'), 's3://public/large.bin')
  const { value } = await runCairn<{ cid: string }>({
    home: work,
    args: ['storage', 'publish', 's3://public/large.bin', '--endpoint', endpoint],
  })
  const answer = await fetch(`${String(gateway.ready.ipfsUrl)}/ipfs/${value.cid}?format=car`)
  expect(answer.status).toBe(200)
  expect(
    Buffer.from(await answer.arrayBuffer()).includes(
      readFileSync(join(tree, 'large.bin')).subarray(0, 2 ** 20),
    ),
  ).toBe(true)
  await s3('rb', '--force', 's3://public')
  expect((await fetch(`${String(gateway.ready.ipfsUrl)}/ipfs/${value.cid}?format=car`)).status).toBe(404)
})
