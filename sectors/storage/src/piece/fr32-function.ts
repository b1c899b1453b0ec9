import { access, type FunctionWriter, instruction, valueType, writeFunction } from '@cairn/protocol/wasm'

const quadBytes = 127
const leafBytes = 32

/**
 * `pad(source, target, quads)`: Fr32. The bits of every 127 bytes, least significant first, become four leaves of 254
 * bits each with two zero bits after them. Reads up to 8 bytes behind the last quad, which do not count.
 */
export const fr32Function = (): FunctionWriter => {
  const f = writeFunction(3)
  const [source, target, quads] = [0, 1, 2]
  const topTwoCleared = f.local(valueType.v128)
  f.vector([...new Array<number>(15).fill(0xff), 0x3f])
  f.set(topTwoCleared)
  f.repeatWhile(() => {
    for (let leaf = 0; leaf < 4; leaf++) {
      const firstBit = 254 * leaf
      const [firstByte, shift] = [firstBit >> 3, firstBit & 7]
      for (const half of [0, 16]) {
        f.get(target)
        loadShifted(f, source, firstByte + half, shift)
        if (half === 16) {
          f.get(topTwoCleared)
          f.op(instruction.v128And)
        }
        f.access(access.v128Store, leafBytes * leaf + half)
      }
    }
    f.advance(source, quadBytes)
    f.advance(target, 4 * leafBytes)
    f.get(quads)
    f.i32(1)
    f.op(instruction.i32Sub)
    f.tee(quads)
  })
  return f
}

/** Leaves the 128 bits that begin `shift` bits after a byte. Lanes shift alone, so each gets its upper bits from a load 8 bytes on. */
const loadShifted = (f: FunctionWriter, source: number, offset: number, shift: number) => {
  f.get(source)
  f.access(access.v128Load, offset)
  if (shift === 0) return
  f.i32(shift)
  f.op(instruction.i64x2ShrU)
  f.get(source)
  f.access(access.v128Load, offset + 8)
  f.i32(64 - shift)
  f.op(instruction.i64x2Shl)
  f.op(instruction.v128Or)
}
