import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCairn, startCairn } from '@cairn/testing'
import { expect, test } from 'vitest'

test('default: the gateway serves public data where it is told to, and is asked what they are', async () => {
  const home = mkdtempSync(join(tmpdir(), 'cairn-publish-'))
  const args = ['storage', 'gateway', '--port', '0', '--ipfs-port', '0']
  const gateway = await startCairn({ home, name: 'gateway', args })
  const { url, ipfsUrl } = gateway.ready as Record<string, string>
  expect((await fetch(`${ipfsUrl}/ipfs/bafkqaaa?format=raw`)).status).toBe(200)
  const cairn = async (...more: string[]) => {
    const { value, stderr, exitCode } = await runCairn({ home, args: ['storage', ...more] })
    return exitCode === 0 ? value : /"error":\s*\{[^}]*?"code":\s*"(\w+)"/.exec(stderr)?.[1]
  }
  expect(await cairn('published', '--endpoint', url!)).toEqual({ published: [] })
  expect(await cairn('publish', 's3://photos/nothing', '--endpoint', url!)).toBe('gateway_refused')
  expect(await cairn('unpublish', 'photos', '--endpoint', url!)).toBe('malformed_object_name')
  await gateway.stop()
  expect(await cairn('published', '--endpoint', url!)).toBe('gateway_unreachable')
}, 60_000)
