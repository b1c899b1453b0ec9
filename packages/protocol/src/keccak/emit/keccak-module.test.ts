import { expect, test } from 'vitest'
import { keccakWasm } from '../generated/keccak-wasm.ts'
import { keccakModule } from './keccak-module.ts'

test('default: the committed kernel is what the emitter writes', () => {
  expect(Buffer.from(keccakModule()).toString('base64')).toBe(keccakWasm)
})
