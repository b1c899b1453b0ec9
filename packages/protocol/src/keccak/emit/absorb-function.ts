import { access, type FunctionWriter, instruction, valueType, writeFunction } from '../../wasm/function.ts'
import { blockBytes, layout } from '../memory-layout.ts'
import { scalarLanes } from './lanes.ts'
import { permutation } from './permutation.ts'
import { digestLanes, rateLanes, stateLanes } from './state-lanes.ts'

/**
 * `absorb(source, blocks, continues)`: takes in `blocks` ≥ 1 padded blocks and writes the digest, were these the
 * last. The state is kept for a call that `continues`; otherwise it starts empty.
 */
export const absorbFunction = (): FunctionWriter => {
  const f = writeFunction(3)
  const [source, blocks, continues] = [0, 1, 2]
  const lanes = scalarLanes(f)
  const state = stateLanes.map(() => f.local(lanes.type))
  const permute = permutation(f, lanes, state)
  const zero = f.local(valueType.i32)

  f.ifElse(
    continues,
    () => {
      for (const lane of stateLanes) {
        lanes.load(zero, layout.state + 8 * lane)
        f.set(state[lane]!)
      }
    },
    () => {
      for (const lane of stateLanes) {
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
    f.advance(source, blockBytes)
    f.get(blocks)
    f.i32(1)
    f.op(instruction.i32Sub)
    f.tee(blocks)
  })
  for (const lane of stateLanes) {
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
