import { keccakModule } from '../packages/protocol/src/keccak/emit/keccak-module.ts'
import type { GeneratedFile } from './generated-files.ts'

/** The keccak-256 kernel. Its bytes are the same on every machine, so a difference is a change to the emitter. */
export async function generate(): Promise<GeneratedFile[]> {
  const lines = Buffer.from(keccakModule())
    .toString('base64')
    .match(/.{1,100}/g)!
  const content = [
    '// Written by tools/generate-keccak.ts from ../emit; do not edit.',
    '',
    '/** The WebAssembly module of `keccak256.ts`, in base64. */',
    'export const keccakWasm =',
    lines.map((line) => `  '${line}'`).join(' +\n'),
    '',
  ].join('\n')
  return [{ path: 'packages/protocol/src/keccak/generated/keccak-wasm.ts', content }]
}
