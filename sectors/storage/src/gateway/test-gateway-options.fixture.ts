import { S3Client } from '@aws-sdk/client-s3'
import type { S3GatewayOptions } from './s3-gateway.ts'

export const accessKeyId = 'CAIRNTEST'
export const secretAccessKey = 'a secret of the tests'

/** A gateway on a free port over this folder. */
export function testGatewayOptions(
  dataFolder: string,
  onError: (error: unknown) => void = console.error,
): S3GatewayOptions {
  return {
    dataFolder,
    rootKey: new Uint8Array(32).fill(7),
    accessKeys: new Map([[accessKeyId, secretAccessKey]]),
    host: '127.0.0.1',
    port: 0,
    domains: ['s3.localhost'],
    ipfs: { host: '127.0.0.1', port: 0 },
    now: Date.now,
    onError,
  }
}

/** AWS's client with its default settings. */
export function testClient(endpoint: string): S3Client {
  return new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  })
}
