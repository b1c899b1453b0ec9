import { expect, test } from 'vitest'
import { type AdoptedPrograms, derivePrograms, isSamePrograms } from './derive-programs.ts'
import type { Ruleset } from './ruleset.ts'

const sunset: Ruleset = {
  sector: 'wireless',
  version: 1,
  programs: [
    { name: 'coverage', weightBps: 9_000 },
    { name: 'usage', weightBps: 1_000, returnBps: 8_000 },
  ],
  params: {},
  carryEpochs: 8,
  shifts: [{ afterEpochs: 1_000, weightsBps: [0, 10_000] }],
}

test('default: places without a program are zero', () => {
  expect(derivePrograms(sunset)).toEqual({
    weights: [
      { afterEpochs: 0, weightsBps: [9_000, 1_000, 0, 0] },
      { afterEpochs: 1_000, weightsBps: [0, 10_000, 0, 0] },
    ],
    returnBps: [0, 8_000, 0, 0],
  })
})

test('behavior: programs are the same when every number is', () => {
  const programs = derivePrograms(sunset)
  expect(isSamePrograms(programs, derivePrograms(sunset))).toBe(true)
  const [first, second] = programs.weights as [AdoptedPrograms['weights'][0], AdoptedPrograms['weights'][0]]
  const others: AdoptedPrograms[] = [
    { ...programs, returnBps: [0, 7_999, 0, 0] },
    { ...programs, weights: [first] },
    { ...programs, weights: [first, { ...second, afterEpochs: 999 }] },
    { ...programs, weights: [{ ...first, weightsBps: [9_000, 0, 1_000, 0] }, second] },
  ]
  for (const other of others) expect(isSamePrograms(programs, other)).toBe(false)
})
