import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultParameters, type EconomyResult, runEconomy } from '@cairn/economics'
import { runCairn } from '@cairn/testing'
import { expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'cairn-economy-'))
const small = [
  'simulate',
  'economy',
  '--operators',
  '100',
  '--years',
  '1',
  '--seeds',
  '3',
  '--first-seed',
  '9',
]

test('default: two threads come to what one computes, and write the report', async () => {
  const report = join(folder, 'economy.html')
  const save = join(folder, 'economy.json')
  const { exitCode, value } = await runCairn({
    home: folder,
    args: [
      ...small,
      '--scenario',
      'baseline',
      'bear-market',
      '--threads',
      '2',
      '--report',
      report,
      '--save',
      save,
    ],
  })
  expect(exitCode).toBe(0)
  const expected = await runEconomy({
    parameters: defaultParameters(100, 365),
    scenarios: ['baseline', 'bear-market'],
    seeds: 3,
    firstSeed: 9,
  })
  expect(value).toEqual(expected)
  expect(JSON.parse(readFileSync(save, 'utf8'))).toEqual(expected)
  expect(readFileSync(report, 'utf8')).toContain('<h1>Simulated economy</h1>')
})

test('error: a scenario that does not exist is a wrong command line', async () => {
  const { exitCode, stderr } = await runCairn({ home: folder, args: [...small, '--scenario', 'boom'] })
  expect(exitCode).toBe(2)
  expect(stderr).toContain('expected one of baseline, bear-market')
})

test('behavior: parameters from a file, and what is wrong in them', async () => {
  const file = join(folder, 'parameters.json')
  const args = [...small, '--scenario', 'baseline', '--parameters', file]
  const missing = await runCairn({ home: folder, args })
  expect(JSON.parse(missing.stderr).error).toMatchObject({ code: 'unreadable_parameters' })
  writeFileSync(file, '{"hardware":{"priceUsd":1000}}')
  const { exitCode, value } = await runCairn<EconomyResult>({ home: folder, args })
  expect(exitCode).toBe(0)
  expect(value.parameters).toMatchObject({ hardware: { priceUsd: 1000 }, operators: 100 })
  writeFileSync(file, '{"hardware":{"prize":1000}}')
  const refused = await runCairn({ home: folder, args })
  expect(refused.exitCode).toBe(1)
  expect(JSON.parse(refused.stderr).error).toMatchObject({ field: 'hardware.prize' })
})
