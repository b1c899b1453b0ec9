import { encodeModule } from '@cairn/protocol/wasm'
import { fr32Function } from './fr32-function.ts'
import { NODE_BYTES, QUAD_BYTES } from './piece-size.ts'

/** Raw bytes padded in one go: 64 KiB of leaves, which stay in a second-level cache until they are hashed. */
export const SEGMENT_BYTES = 512 * QUAD_BYTES

/** Quads that are copied in and padded together, in the first-level cache. */
const stepQuads = 128
const stepBytes = stepQuads * QUAD_BYTES

/**
 * Fr32 of at most {@link SEGMENT_BYTES} raw bytes, at least one, with zeros after them to a whole quad: their leaves,
 * four a quad. They are in memory of this thread's kernel and good until the next call.
 */
export const padSegment = (raw: Uint8Array): Uint8Array => {
  kernel ??= instantiate()
  const { memory, pad } = kernel
  const quads = Math.ceil(raw.length / QUAD_BYTES)
  for (let quad = 0; quad < quads; quad += stepQuads) {
    const step = raw.subarray(quad * QUAD_BYTES, quad * QUAD_BYTES + stepBytes)
    memory.set(step, 0)
    if (step.length < stepBytes) memory.fill(0, step.length, stepBytes)
    pad(0, leaves + quad * 4 * NODE_BYTES, Math.min(stepQuads, quads - quad))
  }
  return memory.subarray(leaves, leaves + quads * 4 * NODE_BYTES)
}

/** Where leaves begin in memory; a step of raw bytes is before them. */
const leaves = 64 * 1024

interface Fr32Kernel {
  readonly memory: Uint8Array
  readonly pad: (source: number, target: number, quads: number) => void
}

let kernel: Fr32Kernel | undefined

const instantiate = (): Fr32Kernel => {
  const module = encodeModule({ functions: { pad: fr32Function() }, memoryPages: 2, data: [] })
  const { memory, pad } = new WebAssembly.Instance(new WebAssembly.Module(module.slice()))
    .exports as unknown as Pick<Fr32Kernel, 'pad'> & { readonly memory: WebAssembly.Memory }
  return { memory: new Uint8Array(memory.buffer), pad }
}
