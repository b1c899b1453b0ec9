import { writeFileSync } from 'node:fs'
import { keccakModule } from '../packages/protocol/src/keccak/emit/keccak-module.ts'

const target = new URL('../packages/protocol/src/keccak/generated/keccak-wasm.ts', import.meta.url)

/** Writes the keccak-256 kernel. The bytes are the same on every machine, so a difference is a change to the emitter. */
export const generateKeccak = (): void => {
  const lines = Buffer.from(keccakModule())
    .toString('base64')
    .match(/.{1,100}/g)!
  writeFileSync(
    target,
    [
      '// Written by tools/generate-keccak.ts from ../emit; do not edit.',
      '',
      '/** The WebAssembly module of `keccak256.ts`, in base64. */',
      'export const keccakWasm =',
      lines.map((line) => `  '${line}'`).join(' +\n'),
      '',
    ].join('\n'),
  )
}

if (import.meta.main) generateKeccak()
