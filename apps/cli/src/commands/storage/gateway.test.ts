import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCairn, startCairn } from '@cairn/testing'
import { expect, test } from 'vitest'

const args = ['storage', 'gateway', '--port', '0']
const newHome = () => mkdtempSync(join(tmpdir(), 'cairn-gateway-'))
const failing = async (home: string, ...more: string[]) => {
  const { exitCode, stderr } = await runCairn({ home, args: [...args, ...more] })
  return { exitCode, code: /"error":\s*\{[^}]*?"code":\s*"(\w+)"/.exec(stderr)?.[1] }
}

test('default: keys are made once, for their owner alone, and requests need them', async () => {
  const home = newHome()
  const first = await startCairn({ home, name: 'gateway', args })
  const { url, rootKeyFile, accessKeyFile } = first.ready as Record<string, string>
  expect(first.ready).toMatchObject({ isRootKeyNew: true, isAccessKeyNew: true })
  for (const path of [rootKeyFile!, accessKeyFile!]) expect(statSync(path).mode & 0o777).toBe(0o600)
  const answer = await fetch(url!)
  expect(answer.status).toBe(403)
  expect(await answer.text()).toContain('<Code>AccessDenied</Code>')
  await first.stop()
  const rootKey = readFileSync(rootKeyFile!, 'utf8')
  const second = await startCairn({ home, name: 'gateway', args })
  expect(second.ready).toMatchObject({ isRootKeyNew: false, isAccessKeyNew: false })
  expect(readFileSync(rootKeyFile!, 'utf8')).toBe(rootKey)
  expect(await failing(home)).toEqual({ exitCode: 1, code: 'folder_in_use' })
  await second.stop()
  rmSync(rootKeyFile!)
  expect(await failing(home)).toEqual({ exitCode: 1, code: 'missing_root_key' })
  writeFileSync(rootKeyFile!, 'f'.repeat(64))
  expect(await failing(home)).toEqual({ exitCode: 1, code: 'wrong_root_key' })
}, 60_000)

test('error: files that hold no keys', async () => {
  const home = newHome()
  const path = join(home, 'keys')
  writeFileSync(path, '{}')
  expect(await failing(home, '--root-key', path)).toEqual({ exitCode: 1, code: 'malformed_root_key' })
  expect(await failing(home, '--access-key', path)).toEqual({ exitCode: 1, code: 'malformed_access_keys' })
})
