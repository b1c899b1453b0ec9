import { expect, test } from 'vitest'
import { keccakModule } from './emit/keccak-module.ts'
import { keccakWasm } from './generated/keccak-wasm.ts'

test('default: the committed kernel is what the emitter writes', () => {
  expect(Buffer.from(keccakModule()).toString('base64')).toBe(keccakWasm)
})
