import { expect, test } from 'vitest'
import { reportReplay } from './replay-report.ts'

const [ann, ben, cat] = ['a', 'b', 'c'].map((digit) => `0x${digit.repeat(40)}` as const) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
]
const owners = [ann, ben, ann, cat, cat]

test('default: devices add up to owners, from the greatest gain to the greatest loss', () => {
  const devices = [
    { device: 0, before: 100n, after: 50n },
    { device: 1, before: 7n, after: 7n },
    { device: 2, before: 100n, after: 20n },
    { device: 3, before: 0n, after: 60n },
    { device: 4, before: 0n, after: 0n },
  ]
  const report = reportReplay({ first: 0, last: 0, roots: [], devices }, (device) => owners[device]!)
  expect(report.owners).toEqual([
    { owner: cat, devices: 1, before: 0n, after: 60n, difference: 60n, differenceBps: null },
    { owner: ben, devices: 1, before: 7n, after: 7n, difference: 0n, differenceBps: 0n },
    { owner: ann, devices: 2, before: 200n, after: 70n, difference: -130n, differenceBps: -6_500n },
  ])
  expect(report.devices.map(({ device }) => device)).toEqual([3, 1, 0, 2])
  expect(report).toMatchObject({ gain: 1, lose: 1, same: 1, largestLoser: { owner: ann } })
  expect(report.total).toEqual({ before: 207n, after: 137n, difference: -70n, differenceBps: -3_381n })
})

test('behavior: nobody loses where nothing differs', () => {
  const devices = [{ device: 0, before: 5n, after: 5n }]
  const report = reportReplay({ first: 0, last: 0, roots: [], devices }, () => ann)
  expect(report).toMatchObject({ gain: 0, lose: 0, same: 1, largestLoser: undefined })
})
