import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Deployment, operatorBondsAbi, singletons } from '@cairn/chain'
import type { NetworkId } from '@cairn/protocol'
import { decodeFunctionData, parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collectClassBonds, proposalCalls } from './proposal-calls.ts'

const network = `0x${'11'.repeat(28)}` as NetworkId
const deployment = {
  chainId: 31_337,
  block: 0,
  addresses: Object.fromEntries(
    singletons.map((name, i) => [name, `0x${(i + 1).toString(16).padStart(40, '0')}`]),
  ),
} as unknown as Deployment
const terms = { faultProgram: 3, forgiveEpochs: 24, scores: [2, 4, 8, 16], bps: [100, 1_000, 5_000, 10_000] }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-proposal-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function fileOf(value: unknown): Promise<string> {
  const path = join(folder, 'terms.json')
  await writeFile(path, JSON.stringify(value))
  return path
}

describe('bonds of operators', () => {
  test('default: terms from a file, then the least bond of each class', async () => {
    const leastBond = collectClassBonds('7:2.5', collectClassBonds('0:100'))
    const calls = await proposalCalls(deployment, network, { bondTerms: await fileOf(terms), leastBond })
    expect(new Set(calls.map(({ to }) => to))).toEqual(new Set([deployment.addresses.operatorBonds]))
    const decoded = calls.map(({ data }) => decodeFunctionData({ abi: operatorBondsAbi, data }))
    expect(decoded).toEqual([
      { functionName: 'setTerms', args: [network, terms] },
      { functionName: 'setLeastBond', args: [network, 0, parseEther('100')] },
      { functionName: 'setLeastBond', args: [network, 7, parseEther('2.5')] },
    ])
  })

  test('error: a file that has a field less, one more, or a wrong one is refused by its name', async () => {
    const { bps, ...less } = terms
    for (const [given, named] of [
      [less, 'bps'],
      [{ ...terms, more: 1 }, 'more'],
      [{ ...terms, faultProgram: 4 }, 'faultProgram'],
      [{ ...terms, bps: bps.slice(1) }, 'bps'],
    ] as const) {
      await expect(
        proposalCalls(deployment, network, { bondTerms: await fileOf(given) }),
      ).rejects.toMatchObject({
        code: 'malformed_proposal',
        field: 'bond-terms',
        message: expect.stringContaining(named),
      })
    }
  })

  test.each(['0', '0:', ':5', '0:x', '65536:1', '0:-1'])('error: %s is no class and amount', (text) => {
    expect(() => collectClassBonds(text)).toThrow('expected')
  })
})
