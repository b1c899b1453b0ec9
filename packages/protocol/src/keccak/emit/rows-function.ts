import { access, type FunctionWriter, instruction, valueType, writeFunction } from '../../wasm/function.ts'
import { blockBytes, digestBytes, layout } from '../memory-layout.ts'
import { type Lanes, vectorLanes } from './lanes.ts'
import { permutation } from './permutation.ts'
import { digestLanes, rateLanes, stateLanes } from './state-lanes.ts'

/**
 * `hashRows(source, stride, blocks, count, output)`: hashes rows of `blocks` blocks each, two at a time, and writes
 * their digests one after the other. Which bytes of a block count is in its mask and pad, see `memory-layout.ts`.
 * An odd `count` reads and writes one row more, whose digest means nothing.
 */
export const rowsFunction = (): FunctionWriter => {
  const f = writeFunction(5)
  const [source, stride, blocks, count, output] = [0, 1, 2, 3, 4]
  const first = f.local(valueType.i32)
  const second = f.local(valueType.i32)
  const left = f.local(valueType.i32)
  const mask = f.local(valueType.i32)
  const lanes = vectorLanes(f)
  const state = stateLanes.map(() => f.local(lanes.type))
  const permute = permutation(f, lanes, state)
  f.repeatWhile(() => {
    f.get(source)
    f.tee(first)
    f.get(stride)
    f.op(instruction.i32Add)
    f.tee(second)
    f.get(stride)
    f.op(instruction.i32Add)
    f.set(source)
    for (const lane of stateLanes) {
      f.zeroVector()
      f.set(state[lane]!)
    }
    f.get(blocks)
    f.set(left)
    f.repeatWhile(() => {
      selectMask(f, mask, left, blocks)
      absorbBlock(f, lanes, state, { first, second, mask })
      permute()
      f.advance(first, blockBytes)
      f.advance(second, blockBytes)
      f.get(left)
      f.i32(1)
      f.op(instruction.i32Sub)
      f.tee(left)
    })
    storeDigests(f, state, output)
    f.advance(output, 2 * digestBytes)
    f.get(count)
    f.i32(2)
    f.op(instruction.i32Sub)
    f.tee(count)
    f.i32(0)
    f.op(instruction.i32GtS)
  })
  return f
}

/** Sets the address of the mask and pad of the block that is next when `left` of `blocks` are. */
const selectMask = (f: FunctionWriter, mask: number, left: number, blocks: number) => {
  f.i32(layout.masks.last)
  f.i32(layout.masks.first)
  f.i32(layout.masks.middle)
  f.get(left)
  f.get(blocks)
  f.op(instruction.i32Eq)
  f.op(instruction.select)
  f.get(left)
  f.i32(1)
  f.op(instruction.i32Eq)
  f.op(instruction.select)
  f.set(mask)
}

/** Adds to each state its block, masked and padded; the addresses are locals. */
const absorbBlock = (
  f: FunctionWriter,
  lanes: Lanes,
  state: readonly number[],
  { first, second, mask }: { readonly first: number; readonly second: number; readonly mask: number },
) => {
  for (const lane of rateLanes) {
    f.get(second)
    f.get(first)
    f.access(access.load64Zero, 8 * lane)
    f.load64Lane(8 * lane, 1)
    lanes.load(mask, 8 * lane)
    f.op(instruction.v128And)
    lanes.load(mask, layout.padFromMask + 8 * lane)
    lanes.xor()
    f.get(state[lane]!)
    lanes.xor()
    f.set(state[lane]!)
  }
}

const storeDigests = (f: FunctionWriter, state: readonly number[], output: number) => {
  for (const which of [0, 1]) {
    for (const lane of digestLanes) {
      f.get(output)
      f.get(state[lane]!)
      f.store64Lane(digestBytes * which + 8 * lane, which)
    }
  }
}
