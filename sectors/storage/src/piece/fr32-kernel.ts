import { encodeModule } from '@cairn/protocol/wasm'
import { fr32Function } from './fr32-function.ts'
import { NODE_BYTES, QUAD_BYTES } from './piece-size.ts'

/** Quads padded in one go: 64 KiB of leaves, which stay in a second-level cache until they are hashed. */
export const KERNEL_QUADS = 512

/** The raw bytes of {@link KERNEL_QUADS}. */
export const KERNEL_BYTES = KERNEL_QUADS * QUAD_BYTES

/** Fr32 for this thread. Its memory is good until the next call. */
export interface Fr32Kernel {
  /** Where raw bytes go, {@link KERNEL_BYTES} of them. */
  readonly input: Uint8Array
  /** Pads the first `quads` (at least one) of the input; returns their leaves, four a quad. */
  readonly pad: (quads: number) => Uint8Array
}

/** The kernel of this thread, compiled on first use. */
export const openFr32Kernel = (): Fr32Kernel => {
  kernel ??= instantiate()
  return kernel
}

let kernel: Fr32Kernel | undefined

const instantiate = (): Fr32Kernel => {
  const leaves = 64 * 1024
  const module = encodeModule({ functions: { pad: fr32Function() }, memoryPages: 2, data: [] })
  const { memory, pad } = new WebAssembly.Instance(new WebAssembly.Module(module.slice()))
    .exports as unknown as {
    readonly memory: WebAssembly.Memory
    readonly pad: (source: number, target: number, quads: number) => void
  }
  return {
    input: new Uint8Array(memory.buffer, 0, KERNEL_BYTES),
    pad: (quads) => {
      pad(0, leaves, quads)
      return new Uint8Array(memory.buffer, leaves, 4 * NODE_BYTES * quads)
    },
  }
}
