import { access, type FunctionWriter, instruction, type ValueType, valueType } from '../../wasm/function.ts'
import { complemented, planChi } from './lane-complement.ts'

/** How a state lane is computed with: as one 64-bit integer, or as two side by side, one of each of two states. */
export interface Lanes {
  readonly type: ValueType
  /** Indices of the lanes that are kept inverted between rounds. */
  readonly inverted: ReadonlySet<number>
  readonly xor: () => void
  /** Rotates the top of the stack left by `bits`. */
  readonly rotate: (bits: number) => void
  /** Leaves `b0 ^ (~b1 & b2)` for lane `x + 5y`; the three are locals. */
  readonly chi: (x: number, y: number, b: readonly [number, number, number]) => void
  /** Leaves the 64 bits at a local's address plus `offset`, in every state. */
  readonly load: (address: number, offset: number) => void
}

/** Lanes of one state. */
export const scalarLanes = (f: FunctionWriter): Lanes => {
  const not = () => {
    f.i64(-1n)
    f.op(instruction.i64Xor)
  }
  return {
    type: valueType.i64,
    inverted: complemented,
    xor: () => f.op(instruction.i64Xor),
    rotate: (bits) => {
      if (bits === 0) return
      f.i64(BigInt(bits))
      f.op(instruction.i64Rotl)
    },
    chi: (x, y, [b0, b1, b2]) => {
      const plan = planChi(x, y)
      f.get(b0)
      f.get(b1)
      if (plan.invertFirst) not()
      f.get(b2)
      if (plan.invertSecond) not()
      f.op(plan.join === 'and' ? instruction.i64And : instruction.i64Or)
      f.op(instruction.i64Xor)
      if (plan.invertResult) not()
    },
    load: (address, offset) => {
      f.get(address)
      f.access(access.i64Load, offset)
    },
  }
}

/** Lanes of two states. There is no vector rotation, but there is an and-not, so no lane is kept inverted. */
export const vectorLanes = (f: FunctionWriter): Lanes => {
  const rotated = f.local(valueType.v128)
  return {
    type: valueType.v128,
    inverted: new Set(),
    xor: () => f.op(instruction.v128Xor),
    rotate: (bits) => {
      if (bits === 0) return
      f.tee(rotated)
      if (bits === 1) {
        // Twice itself: machines add on more of their ports than they shift on.
        f.get(rotated)
        f.op(instruction.i64x2Add)
      } else {
        f.i32(bits)
        f.op(instruction.i64x2Shl)
      }
      f.get(rotated)
      f.i32(64 - bits)
      f.op(instruction.i64x2ShrU)
      f.op(instruction.v128Xor)
    },
    chi: (_x, _y, [b0, b1, b2]) => {
      f.get(b0)
      f.get(b2)
      f.get(b1)
      f.op(instruction.v128AndNot)
      f.op(instruction.v128Xor)
    },
    load: (address, offset) => {
      f.get(address)
      f.access(access.load64Splat, offset)
    },
  }
}
