import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { deviceSigner, generateDevicePrivateKey } from '../keys/device-key.ts'
import { sha256 } from '../keys/node-crypto.ts'
import { AnvilMissingError, findAnvil } from './anvil-binary.ts'
import { callRpc } from './json-rpc.ts'
import { endOrphan } from './orphan.ts'
import { isPortOpen } from './port.ts'
import { type AnvilOptions, type LocalChain, startAnvil } from './start-anvil.ts'

const chains: LocalChain[] = []
const start = async (options: AnvilOptions = {}) => {
  const chain = await startAnvil(options)
  chains.push(chain)
  return chain
}
const stateFile = () => join(mkdtempSync(join(tmpdir(), 'cairn-chain-')), 'chain.json')
const head = async (chain: LocalChain) =>
  (await callRpc(chain.url, 'eth_getBlockByNumber', ['latest', false])) as { hash: string; number: string }
const mine = (chain: LocalChain, blocks: number) =>
  callRpc(chain.url, 'anvil_mine', [`0x${blocks.toString(16)}`])

afterEach(async () => {
  await Promise.all(chains.splice(0).map((chain) => chain.kill()))
})

test('default: starts the native program, stops with the port closed', async () => {
  const chain = await start()
  expect(await chain.isHealthy()).toBe(true)
  expect(await callRpc(chain.url, 'eth_chainId')).toBe('0x7a69')
  expect(readFileSync(`/proc/${chain.pid}/cmdline`, 'utf8').split('\0')[0]).toBe(findAnvil())
  await chain.stop()
  expect(await isPortOpen(chain.port)).toBe(false)
  expect(await chain.isHealthy()).toBe(false)
})

test('behavior: has the P-256 precompile at 0x100 (EIP-7951)', async () => {
  const chain = await start()
  const signer = deviceSigner(generateDevicePrivateKey())
  const message = new TextEncoder().encode('a stone')
  const { x, y } = signer.key
  const input = Buffer.concat([sha256(message), signer.sign(message), x, y])
  const ask = (data: Buffer) =>
    callRpc(chain.url, 'eth_call', [
      { to: '0x0000000000000000000000000000000000000100', data: `0x${data.toString('hex')}` },
    ])
  expect(await ask(input)).toBe(`0x${'1'.padStart(64, '0')}`)
  input[0]! ^= 1
  expect(await ask(input)).toBe('0x')
})

test('behavior: a stopped chain goes on from the same block', async () => {
  const path = stateFile()
  const first = await start({ stateFile: path })
  await mine(first, 5)
  const before = await head(first)
  await first.stop()
  const second = await start({ stateFile: path })
  expect(await head(second)).toEqual(before)
  await mine(second, 1)
  expect((await head(second)).number).toBe('0x6')
})

test('behavior: killed, it goes on from what was saved; damaged, from the one before', async () => {
  const path = stateFile()
  const first = await start({ stateFile: path, saveEveryMs: 600_000 })
  await mine(first, 3)
  await first.save()
  await mine(first, 3)
  await first.save()
  await mine(first, 3)
  await first.kill()
  const second = await start({ stateFile: path, saveEveryMs: 600_000 })
  expect((await head(second)).number).toBe('0x6')
  await second.kill()
  writeFileSync(path, readFileSync(path).subarray(0, 1_000))
  const third = await start({ stateFile: path, saveEveryMs: 600_000 })
  expect((await head(third)).number).toBe('0x3')
})

test('behavior: saves by itself', async () => {
  const path = stateFile()
  const chain = await start({ stateFile: path, saveEveryMs: 10 })
  await mine(chain, 2)
  const after = await head(chain)
  const clock = systemClock()
  const saved = () =>
    readFileSync(path, { encoding: 'utf8', flag: 'a+' }).includes(`"number":"${after.number}"`)
  while (!saved()) await clock.sleep(5)
  await chain.kill()
})

test('behavior: a chain left behind is saved and ended by the next start', async () => {
  const path = stateFile()
  const orphan = await start({ stateFile: path, saveEveryMs: 600_000 })
  await mine(orphan, 4)
  const next = await start({ stateFile: path, saveEveryMs: 600_000, port: orphan.port })
  expect(next.pid).not.toBe(orphan.pid)
  expect((await head(next)).number).toBe('0x4')
  await orphan.exited
})

test('behavior: a noted process that is no chain is left alone', async () => {
  const path = stateFile()
  writeFileSync(`${path}.pid`, JSON.stringify({ pid: process.pid, port: 1, host: '127.0.0.1' }))
  expect(await endOrphan(path, systemClock())).toBeUndefined()
})

test('error: a taken port', async () => {
  const { port } = await start()
  await expect(start({ port })).rejects.toMatchObject({ code: 'port_taken', value: String(port) })
})

test('error: a chain that refuses its arguments says what it wrote', async () => {
  await expect(start({ hardfork: 'stonehenge' })).rejects.toThrow(/stonehenge/)
})

test('error: state that is damaged twice over', async () => {
  const path = stateFile()
  writeFileSync(path, '{"accounts":{}')
  await expect(start({ stateFile: path })).rejects.toMatchObject({ code: 'chain_state_damaged' })
})

test('error: no binary for the machine', () => {
  expect(() => findAnvil('plan9', 'mips')).toThrow(AnvilMissingError)
})
