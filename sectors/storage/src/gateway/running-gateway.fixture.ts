import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import { type S3Gateway, startS3Gateway } from './s3-gateway.ts'

export const accessKeyId = 'CAIRNTEST'
export const secretAccessKey = 'a secret of the tests'

/** A gateway on a free port, over a new folder, and AWS's client with its default settings. */
export interface RunningGateway {
  readonly gateway: S3Gateway
  readonly client: S3Client
  readonly folder: string
  /** What the gateway itself could not do. */
  readonly errors: unknown[]
}

export async function startTestGateway(
  folder = mkdtempSync(join(tmpdir(), 'cairn-s3-')),
): Promise<RunningGateway> {
  const errors: unknown[] = []
  const gateway = await startS3Gateway({
    dataFolder: folder,
    rootKey: new Uint8Array(32).fill(7),
    accessKeys: new Map([[accessKeyId, secretAccessKey]]),
    host: '127.0.0.1',
    port: 0,
    domains: ['s3.localhost'],
    now: Date.now,
    onError: (error) => errors.push(error),
  })
  const client = new S3Client({
    endpoint: gateway.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  })
  return { gateway, client, folder, errors }
}
