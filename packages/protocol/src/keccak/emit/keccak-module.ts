import { blockBytes, digestBytes, layout } from '../memory-layout.ts'
import { scalarLanes, vectorLanes } from './lanes.ts'
import { permutation } from './permutation.ts'
import { roundConstants } from './permutation-constants.ts'
import { access, instruction, valueType, writeFunction } from './wasm-function.ts'
import { encodeModule } from './wasm-module.ts'

const laneIndices = Array.from({ length: 25 }, (_, index) => index)
const rateLanes = laneIndices.slice(0, blockBytes / 8)
const digestLanes = laneIndices.slice(0, digestBytes / 8)

/** The kernel of `keccak256.ts`: WebAssembly with 128-bit vectors, the same bytes every time. */
export const keccakModule = (): Uint8Array =>
  encodeModule({
    functions: { absorb: absorb(), hashRows: hashRows() },
    memoryPages: layout.pages,
    data: roundConstants.flatMap((constant) =>
      Array.from({ length: 8 }, (_, byte) => Number((constant >> BigInt(8 * byte)) & 0xffn)),
    ),
  })

/**
 * `absorb(source, blocks, continues)`: takes in `blocks` ≥ 1 padded blocks and writes the digest, were these the
 * last. The state is kept for a call that `continues`; otherwise it starts empty.
 */
const absorb = () => {
  const f = writeFunction(3)
  const [source, blocks, continues] = [0, 1, 2]
  const lanes = scalarLanes(f)
  const state = laneIndices.map(() => f.local(lanes.type))
  const permute = permutation(f, lanes, state)
  const zero = f.local(valueType.i32)

  f.ifElse(
    continues,
    () => {
      for (const lane of laneIndices) {
        lanes.load(zero, layout.state + 8 * lane)
        f.set(state[lane]!)
      }
    },
    () => {
      for (const lane of laneIndices) {
        f.i64(lanes.inverted.has(lane) ? -1n : 0n)
        f.set(state[lane]!)
      }
    },
  )
  f.repeatWhile(() => {
    for (const lane of rateLanes) {
      f.get(state[lane]!)
      lanes.load(source, 8 * lane)
      lanes.xor()
      f.set(state[lane]!)
    }
    permute()
    f.get(source)
    f.i32(blockBytes)
    f.op(instruction.i32Add)
    f.set(source)
    f.get(blocks)
    f.i32(1)
    f.op(instruction.i32Sub)
    f.tee(blocks)
  })
  for (const lane of laneIndices) {
    f.get(zero)
    f.get(state[lane]!)
    f.access(access.i64Store, layout.state + 8 * lane)
  }
  for (const lane of digestLanes) {
    f.get(zero)
    f.get(state[lane]!)
    f.i64(lanes.inverted.has(lane) ? -1n : 0n)
    lanes.xor()
    f.access(access.i64Store, layout.digest + 8 * lane)
  }
  return f
}

/**
 * `hashRows(source, stride, blocks, count, output)`: hashes rows of `blocks` blocks each, two at a time, and writes
 * their digests one after the other. Which bytes of a block count is in its mask and pad, see `memory-layout.ts`.
 * An odd `count` reads and writes one row more, whose digest means nothing.
 */
const hashRows = () => {
  const f = writeFunction(5)
  const [source, stride, blocks, count, output] = [0, 1, 2, 3, 4]
  const [first, second, left, mask] = [0, 1, 2, 3].map(() => f.local(valueType.i32)) as [
    number,
    number,
    number,
    number,
  ]
  const lanes = vectorLanes(f)
  const state = laneIndices.map(() => f.local(lanes.type))
  const permute = permutation(f, lanes, state)
  const advance = (local: number, bytes: number) => {
    f.get(local)
    f.i32(bytes)
    f.op(instruction.i32Add)
    f.set(local)
  }

  const selectMask = () => {
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

  const absorbBlock = () => {
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

  const storeDigests = () => {
    for (const which of [0, 1]) {
      for (const lane of digestLanes) {
        f.get(output)
        f.get(state[lane]!)
        f.store64Lane(digestBytes * which + 8 * lane, which)
      }
    }
  }

  f.repeatWhile(() => {
    f.get(source)
    f.tee(first)
    f.get(stride)
    f.op(instruction.i32Add)
    f.tee(second)
    f.get(stride)
    f.op(instruction.i32Add)
    f.set(source)
    for (const lane of laneIndices) {
      f.zeroVector()
      f.set(state[lane]!)
    }
    f.get(blocks)
    f.set(left)
    f.repeatWhile(() => {
      selectMask()
      absorbBlock()
      permute()
      advance(first, blockBytes)
      advance(second, blockBytes)
      f.get(left)
      f.i32(1)
      f.op(instruction.i32Sub)
      f.tee(left)
    })
    storeDigests()
    advance(output, 2 * digestBytes)
    f.get(count)
    f.i32(2)
    f.op(instruction.i32Sub)
    f.tee(count)
    f.i32(0)
    f.op(instruction.i32GtS)
  })
  return f
}
