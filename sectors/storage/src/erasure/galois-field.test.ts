import { expect, test } from 'vitest'
import { recoveryMatrix } from './code-matrix.ts'
import { invert, multiply } from './galois-field.ts'
import { slowMultiply } from './scalar-code.fixture.ts'

test('default: all products are those of polynomials reduced by 0x11d', () => {
  for (let a = 0; a < 256; a++)
    for (let b = 0; b < 256; b++) if (multiply(a, b) !== slowMultiply(a, b)) expect([a, b]).toBe(0)
})

test('behavior: powers of 2 and inverses are those of the tables gff_base and gf_inv of ISA-L (ec_base.h)', () => {
  let power = 1
  const powers = Array.from({ length: 16 }, () => {
    const here = power
    power = multiply(power, 2)
    return here
  })
  expect(powers).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 0x1d, 0x3a, 0x74, 0xe8, 0xcd, 0x87, 0x13, 0x26])
  expect([1, 2, 3, 4, 5, 6, 7].map(invert)).toEqual([0x01, 0x8e, 0xf4, 0x47, 0xa7, 0x7a, 0xba])
  for (let a = 1; a < 256; a++) expect(multiply(a, invert(a))).toBe(1)
})

test('behavior: the rows that are there are recovered as themselves', () => {
  const present = [0, 5, 2, 7]
  expect(recoveryMatrix(4, present, present)).toEqual([
    Uint8Array.of(1, 0, 0, 0),
    Uint8Array.of(0, 1, 0, 0),
    Uint8Array.of(0, 0, 1, 0),
    Uint8Array.of(0, 0, 0, 1),
  ])
})
