import { encodeModule, instruction } from '@cairn/protocol/wasm'
import { combineFunction } from './combine-function.ts'

/** An instance of the kernel: its memory, which grows, and the function that `combine-function.ts` describes. */
export interface CombineKernel {
  readonly memory: WebAssembly.Memory
  readonly combine: (
    inputs: number,
    inputStride: number,
    inputCount: number,
    tables: number,
    outputs: number,
    outputStride: number,
    outputCount: number,
    columns: number,
    scratch: number,
    stripColumns: number,
  ) => void
}

/** `relaxed` needs the relaxed-simd extension and spares x86-64 an instruction a lookup; both give the same bytes. */
export type CombineVariant = 'relaxed' | 'plain'

/** A kernel with memory of its own. The variant is the best that the engine has when left out. */
export const openCombineKernel = (variant: CombineVariant = bestVariant()): CombineKernel =>
  new WebAssembly.Instance(compile(variant)).exports as unknown as CombineKernel

/** Whether this engine can run a variant. */
export const supportsVariant = (variant: CombineVariant): boolean => WebAssembly.validate(emit(variant))

const bestVariant = (): CombineVariant => (supportsVariant('relaxed') ? 'relaxed' : 'plain')

const modules = new Map<CombineVariant, WebAssembly.Module>()

const compile = (variant: CombineVariant): WebAssembly.Module => {
  const known = modules.get(variant)
  if (known !== undefined) return known
  const module = new WebAssembly.Module(emit(variant))
  modules.set(variant, module)
  return module
}

const emit = (variant: CombineVariant): Uint8Array<ArrayBuffer> =>
  encodeModule({
    functions: {
      combine: combineFunction(
        variant === 'relaxed' ? instruction.i8x16RelaxedSwizzle : instruction.i8x16Swizzle,
      ),
    },
    memoryPages: 1,
    memoryPagesLimit: 2048,
    data: [],
  }).slice()
