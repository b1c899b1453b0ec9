import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCairn } from '@cairn/testing'
import { expect, test } from 'vitest'

const home = () => mkdtempSync(join(tmpdir(), 'cairn-cli-'))

test('error: a network that is not there says how to start one, with exit code 1', async () => {
  const { exitCode, stderr } = await runCairn({ home: home(), args: ['epoch', 'list'] })
  expect(exitCode).toBe(1)
  expect(JSON.parse(stderr).error).toMatchObject({
    code: 'unknown_network',
    fix: expect.stringContaining('cairn up'),
  })
})

test('error: a wrong command line has exit code 2 and shows where help is', async () => {
  const { exitCode, stderr } = await runCairn({ home: home(), args: ['epoch', 'show', 'first'] })
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(/expected the number of an epoch[\s\S]*--help/)
})

test('error: faults are refused unless they are allowed', async () => {
  const { exitCode, stderr } = await runCairn({
    home: home(),
    args: ['verifier', 'run', '--fault', 'lie'],
    env: { CAIRN_ALLOW_FAULTS: '' },
  })
  expect(exitCode).toBe(1)
  expect(stderr).toContain('faults_not_allowed')
})
