import { encodeModule } from '../../wasm/module.ts'
import { layout } from '../memory-layout.ts'
import { absorbFunction } from './absorb-function.ts'
import { roundConstants } from './permutation-constants.ts'
import { rowsFunction } from './rows-function.ts'

/** The kernel of `keccak256.ts`: WebAssembly with 128-bit vectors, the same bytes every time. */
export const keccakModule = (): Uint8Array =>
  encodeModule({
    functions: { absorb: absorbFunction(), hashRows: rowsFunction() },
    memoryPages: layout.pages,
    data: roundConstants.flatMap((constant) =>
      Array.from({ length: 8 }, (_, byte) => Number((constant >> BigInt(8 * byte)) & 0xffn)),
    ),
  })
