import { keccakWasm } from './generated/keccak-wasm.ts'
import { blockBytes, layout } from './memory-layout.ts'

/**
 * The compiled kernel and views of its memory, which never grows. `emit/absorb-function.ts` and `emit/rows-function.ts`
 * describe the parameters.
 */
export interface Kernel {
  readonly bytes: Uint8Array
  readonly words: Uint32Array
  readonly absorb: (source: number, blocks: number, continues: number) => void
  readonly hashRows: (source: number, stride: number, blocks: number, count: number, output: number) => void
}

/**
 * The kernel of this thread, compiled on first use. Compilation is synchronous, so hashing needs no `await`; at 6 kB it
 * takes about a millisecond. Chrome allows that on a page's main thread since version 114 (4 kB before); the vector
 * instructions are in Node 16.4, Bun 1, Firefox 89 and Safari 16.4.
 */
export const openKernel = (): Kernel => {
  kernel ??= instantiate()
  return kernel
}

let kernel: Kernel | undefined

const instantiate = (): Kernel => {
  const module = new WebAssembly.Module(Uint8Array.from(atob(keccakWasm), (char) => char.charCodeAt(0)))
  const { memory, absorb, hashRows } = new WebAssembly.Instance(module).exports as unknown as Kernel & {
    readonly memory: WebAssembly.Memory
  }
  const bytes = new Uint8Array(memory.buffer)
  bytes.fill(0xff, layout.masks.middle, layout.masks.middle + blockBytes)
  return { bytes, words: new Uint32Array(memory.buffer), absorb, hashRows }
}
