import { type FunctionWriter, signed, unsigned, valueType, vector } from './function.ts'

/** What a module holds: functions by export name, one memory exported as `memory`, and its first bytes. */
export interface ModuleParts {
  readonly functions: Readonly<Record<string, FunctionWriter>>
  /** Of 64 KiB. */
  readonly memoryPages: number
  /** What the memory may grow to; it never grows when left out. */
  readonly memoryPagesLimit?: number
  readonly data: readonly number[]
}

/** The bytes of a WebAssembly module (core specification §5.5). */
export const encodeModule = ({
  functions,
  memoryPages,
  memoryPagesLimit = memoryPages,
  data,
}: ModuleParts): Uint8Array => {
  const entries = Object.entries(functions)
  const types = entries.map(([, { parameters }]) => [
    0x60,
    ...vector(Array.from({ length: parameters }, () => [valueType.i32])),
    ...vector([]),
  ])
  const exports = entries.map(([name], index) => [...text(name), 0x00, ...unsigned(index)])
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(types)),
    ...section(3, vector(entries.map((_, index) => unsigned(index)))),
    ...section(5, vector([[0x01, ...unsigned(memoryPages), ...unsigned(memoryPagesLimit)]])),
    ...section(7, vector([[...text('memory'), 0x02, 0x00], ...exports])),
    ...section(10, vector(entries.map(([, body]) => body.encode()))),
    ...section(11, vector([[0x00, 0x41, ...signed(0n), 0x0b, ...unsigned(data.length), ...data]])),
  ])
}

const section = (id: number, bytes: readonly number[]) => [id, ...unsigned(bytes.length), ...bytes]

const text = (value: string) => {
  const bytes = [...new TextEncoder().encode(value)]
  return [...unsigned(bytes.length), ...bytes]
}
