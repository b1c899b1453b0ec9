/** The value types that kernels use, as the WebAssembly binary format writes them (core specification §5.3). */
export const valueType = { i32: 0x7f, i64: 0x7e, v128: 0x7b } as const

/** One of {@link valueType}. */
export type ValueType = (typeof valueType)[keyof typeof valueType]

/** Instructions with no immediate operand (core specification §5.4). */
export const instruction = {
  select: [0x1b],
  end: [0x0b],
  i32Eq: [0x46],
  i32Ne: [0x47],
  i32LtU: [0x49],
  i32GtS: [0x4a],
  i32Add: [0x6a],
  i32Sub: [0x6b],
  i32Mul: [0x6c],
  i64And: [0x83],
  i64Or: [0x84],
  i64Xor: [0x85],
  i64Rotl: [0x89],
  /** Bytes of the first vector at the indices that the second holds; 0 where an index is above 15. */
  i8x16Swizzle: [0xfd, 14],
  /** The same where indices are below 16; above, a machine may do as it likes. Of the relaxed-simd extension. */
  i8x16RelaxedSwizzle: [0xfd, 0x80, 0x02],
  i16x8ShrU: [0xfd, 0x8d, 0x01],
  v128And: [0xfd, 78],
  v128AndNot: [0xfd, 79],
  v128Or: [0xfd, 80],
  v128Xor: [0xfd, 81],
  i64x2Add: [0xfd, 0xce, 0x01],
  i64x2Shl: [0xfd, 0xcb, 0x01],
  i64x2ShrU: [0xfd, 0xcd, 0x01],
} as const

/** Instructions that take an address from the stack and an alignment and an offset as operands. */
export const access = {
  i64Load: [0x29],
  i64Store: [0x37],
  v128Load: [0xfd, 0],
  v128Store: [0xfd, 11],
  load64Splat: [0xfd, 10],
  load64Zero: [0xfd, 93],
} as const

/** Writes the body of one function, instruction by instruction. */
export type FunctionWriter = ReturnType<typeof writeFunction>

/**
 * A writer of one function that takes `parameters` i32 values (locals 0, 1, …) and returns nothing.
 *
 * Encoding the few instructions needed ourselves keeps the kernel's bytes the same whatever version a compiler has.
 */
export const writeFunction = (parameters: number) => {
  const code: number[] = []
  const locals: ValueType[] = []
  const op = (bytes: readonly number[]) => void code.push(...bytes)
  return {
    parameters,
    op,
    /** Declares a local and returns its index. */
    local: (type: ValueType) => parameters + locals.push(type) - 1,
    get: (local: number) => op([0x20, ...unsigned(local)]),
    set: (local: number) => op([0x21, ...unsigned(local)]),
    tee: (local: number) => op([0x22, ...unsigned(local)]),
    i32: (value: number) => op([0x41, ...signed(BigInt(value))]),
    i64: (value: bigint) => op([0x42, ...signed(value)]),
    zeroVector: () => op([0xfd, 12, ...new Array<number>(16).fill(0)]),
    /** The 16 bytes as a vector. */
    vector: (bytes: readonly number[]) => op([0xfd, 12, ...bytes]),
    /** Adds `bytes` to a local. */
    advance: (local: number, bytes: number) =>
      op([0x20, ...unsigned(local), 0x41, ...signed(BigInt(bytes)), 0x6a, 0x21, ...unsigned(local)]),
    /** Alignment is only ever a hint, and rows start at any byte, so none is promised. */
    access: (bytes: readonly number[], offset: number) => op([...bytes, 0, ...unsigned(offset)]),
    load64Lane: (offset: number, lane: number) => op([0xfd, 87, 0, ...unsigned(offset), lane]),
    store64Lane: (offset: number, lane: number) => op([0xfd, 91, 0, ...unsigned(offset), lane]),
    /** Emits `body`, which leaves an i32 on the stack, and repeats it while that is not zero. */
    repeatWhile: (body: () => void) => {
      op([0x03, 0x40])
      body()
      op([0x0d, 0x00, ...instruction.end])
    },
    /** Emits `body`, which runs where the i32 on the stack is not zero. */
    when: (body: () => void) => {
      op([0x04, 0x40])
      body()
      op(instruction.end)
    },
    ifElse: (local: number, then: () => void, otherwise: () => void) => {
      op([0x20, ...unsigned(local), 0x04, 0x40])
      then()
      op([0x05])
      otherwise()
      op(instruction.end)
    },
    /** The function as it stands in a code section. */
    encode: () => {
      const body = [...vector(runs(locals)), ...code, ...instruction.end]
      return [...unsigned(body.length), ...body]
    },
  }
}

/** LEB128, unsigned. */
export const unsigned = (value: number): number[] => {
  const low = value & 0x7f
  return value < 0x80 ? [low] : [low | 0x80, ...unsigned(value >>> 7)]
}

/** LEB128, signed. */
export const signed = (value: bigint): number[] => {
  const low = Number(value & 0x7fn)
  return value >= -64n && value < 64n ? [low] : [low | 0x80, ...signed(value >> 7n)]
}

/** A vector of encoded things: their number, then they. */
export const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
]

const runs = (types: readonly ValueType[]): number[][] => {
  const counted: { type: ValueType; length: number }[] = []
  for (const type of types) {
    const last = counted.at(-1)
    if (last?.type === type) last.length++
    else counted.push({ type, length: 1 })
  }
  return counted.map(({ type, length }) => [...unsigned(length), type])
}
