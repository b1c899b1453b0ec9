import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { S3Client } from '@aws-sdk/client-s3'
import { type S3Gateway, startS3Gateway } from './s3-gateway.ts'
import { testClient, testGatewayOptions } from './test-gateway-options.fixture.ts'

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
  const gateway = await startS3Gateway(testGatewayOptions(folder, (error) => errors.push(error)))
  return { gateway, client: testClient(gateway.url), folder, errors }
}
