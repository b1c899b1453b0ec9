import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalChain, startAnvil } from '@cairn/runtime'
import { runCairn } from '@cairn/testing'
import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** The first account that anvil funds. */
const CAIRN_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
let home: string
let chain: LocalChain

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'cairn-create-'))
  chain = await startAnvil()
}, 60_000)
afterAll(async () => {
  await chain.kill()
  await rm(home, { recursive: true, force: true })
})

const create = (...args: string[]) =>
  runCairn<{ emission: string; emissionTotal: string; firstEmission: string }>({
    home,
    env: { CAIRN_KEY },
    args: ['network', 'create', 'meadow', '--rpc', chain.url, '--sector', 'wireless', '--force', ...args],
  })

test('default: a network between a floor and a cap is created, and what its base emits is told', async () => {
  const band = ['--schedule', 'band', '--base', 'decay', '--decay', '1/2', '--step', '10', '--steps', '2']
  const { exitCode, value, stderr } = await create(...band, '--emission', '8', '--cap', '30000')
  expect(stderr).not.toContain('error')
  expect(exitCode).toBe(0)
  expect(value).toMatchObject({
    firstEmission: String(parseEther('8')),
    emissionTotal: String(parseEther('120')),
  })
}, 60_000)

test('error: a band takes no token that exists', async () => {
  const token = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
  const { exitCode, stderr } = await create('--schedule', 'band', '--token', token)
  expect(exitCode).toBe(1)
  const { error } = JSON.parse(stderr.trim().split('\n').at(-1)!)
  expect(error).toMatchObject({ code: 'token_not_remintable', field: '--token', value: token })
}, 60_000)
