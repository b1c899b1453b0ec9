import { type FunctionWriter, instruction, valueType } from '../../wasm/function.ts'
import { layout } from '../memory-layout.ts'
import type { Lanes } from './lanes.ts'
import { rhoOffsets, rhoPiSource, roundCount } from './permutation-constants.ts'

/** Two rounds to a turn: fewer moves the whole state at each turn, more overflows the decoded-instruction cache. */
const roundsPerTurn = 2

/**
 * Declares what keccak-f[1600] needs besides the state and returns what emits it. `state` are the 25 locals of the
 * lanes, in the order `x + 5y`.
 *
 * θ's parities are computed first; then each row of the result is made whole (θ, ρ, π, χ, ι) from five lanes, so
 * that only the ten column and row values compete for registers.
 */
export const permutation = (f: FunctionWriter, lanes: Lanes, state: readonly number[]) => {
  const declare = (length: number) => Array.from({ length }, () => f.local(lanes.type))
  const next = declare(25)
  const [parity, theta, row] = [declare(5), declare(5), declare(5)]
  const constant = f.local(valueType.i32)

  const emitTheta = (from: readonly number[]) => {
    for (let x = 0; x < 5; x++) {
      f.get(from[x]!)
      for (let y = 1; y < 5; y++) {
        f.get(from[x + 5 * y]!)
        lanes.xor()
      }
      f.set(parity[x]!)
    }
    for (let x = 0; x < 5; x++) {
      f.get(parity[(x + 1) % 5]!)
      lanes.rotate(1)
      f.get(parity[(x + 4) % 5]!)
      lanes.xor()
      f.set(theta[x]!)
    }
  }

  const emitRow = (y: number, from: readonly number[], to: readonly number[], round: number) => {
    for (let x = 0; x < 5; x++) {
      const source = rhoPiSource(x, y)
      f.get(from[source]!)
      f.get(theta[source % 5]!)
      lanes.xor()
      lanes.rotate(rhoOffsets[source]!)
      f.set(row[x]!)
    }
    for (let x = 0; x < 5; x++) {
      lanes.chi(x, y, [row[x]!, row[(x + 1) % 5]!, row[(x + 2) % 5]!])
      if (x === 0 && y === 0) {
        lanes.load(constant, layout.roundConstants + 8 * round)
        lanes.xor()
      }
      f.set(to[x + 5 * y]!)
    }
  }

  return () => {
    f.i32(0)
    f.set(constant)
    f.repeatWhile(() => {
      for (let round = 0; round < roundsPerTurn; round++) {
        const [from, to] = round % 2 === 0 ? [state, next] : [next, state]
        emitTheta(from)
        for (let y = 0; y < 5; y++) emitRow(y, from, to, round)
      }
      f.get(constant)
      f.i32(8 * roundsPerTurn)
      f.op(instruction.i32Add)
      f.tee(constant)
      f.i32(8 * roundCount)
      f.op(instruction.i32Ne)
    })
  }
}
