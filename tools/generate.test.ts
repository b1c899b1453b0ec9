import { describe, expect, test } from 'vitest'
import { renderContract } from './generate-abis.ts'
import { compareGenerated } from './generated-files.ts'

describe('compareGenerated', () => {
  test('default: equal files do not differ', () => {
    expect(compareGenerated([{ path: 'a.ts', content: 'x\n' }], new Map([['a.ts', 'x\n']]))).toEqual([])
  })

  test('behavior: tells missing, changed and stale files', () => {
    const generated = [
      { path: 'missing.ts', content: 'x\n' },
      { path: 'changed.ts', content: 'same\nnew\n' },
    ]
    const committed = new Map([
      ['changed.ts', 'same\nold\nmore\n'],
      ['stale.ts', 'x\n'],
    ])
    expect(compareGenerated(generated, committed)).toEqual([
      { path: 'changed.ts', what: 'line 2 is "old", expected "new" (4 lines, expected 3)' },
      { path: 'missing.ts', what: 'missing' },
      { path: 'stale.ts', what: 'nothing generates it any more' },
    ])
  })

  test('behavior: finds lines added at the end', () => {
    const [difference] = compareGenerated([{ path: 'a.ts', content: 'x' }], new Map([['a.ts', 'x\ny']]))
    expect(difference?.what).toBe('line 2 is "y", expected absent (2 lines, expected 1)')
  })
})

describe('renderContract', () => {
  test('default', () => {
    const abi = [{ type: 'function', name: 'stake', inputs: [], outputs: [], stateMutability: 'view' }]
    expect(
      renderContract('RewardVault', { abi, bytecode: { object: '0x60', linkReferences: {} } }),
    ).toMatchInlineSnapshot(`
      "// Written by tools/generate-abis.ts from contracts/src/RewardVault.sol; do not edit.

      /** ABI of RewardVault. */
      export const rewardVaultAbi = [
        {"type":"function","name":"stake","inputs":[],"outputs":[],"stateMutability":"view"},
      ] as const

      /** Creation code of RewardVault, without constructor arguments. */
      export const rewardVaultBytecode: \`0x\${string}\` =
        '0x60'
      "
    `)
  })

  test('behavior: an abstract contract has no creation code', () => {
    expect(renderContract('Base', { abi: [], bytecode: { object: '0x', linkReferences: {} } })).not.toContain(
      'baseBytecode',
    )
  })

  test('error: a contract that has to be linked', () => {
    const bytecode = { object: '0x60__$', linkReferences: { 'contracts/src/libraries/Tree.sol': {} } }
    expect(() => renderContract('Settlement', { abi: [], bytecode })).toThrow(
      'Settlement is linked to contracts/src/libraries/Tree.sol',
    )
  })
})
