import { equalBytes } from '@cairn/protocol'
import { createErasureCoder, type ErasureCode } from '@cairn/sector-storage'
import { roundsPerCpuSecond } from '../cpu-time.ts'
import { compileIsaL, type IsaLWork, isaLCommand } from '../peers/isa-l.ts'
import type { Budget, Row } from '../row.ts'
import { alternate, median, ratioOf } from '../statistics.ts'
import { sampleRows } from '../workloads/sample-rows.ts'

const ROUNDS = 9
const SECONDS = 0.4
const ROW_BYTES = 64 * 1024

/**
 * How near the code comes to ISA-L, which is written in assembly for each generation of processor, with vectors of up to 512 bits. Ours has 128,
 * and copies rows into its memory and out of it; the fewer parity rows there are, the more that weighs.
 */
export const erasureCode: readonly Row[] = [
  row('erasure-encode', 'encode', { dataRows: 29, rows: 80 }, { atLeast: 0.4 }),
  row('erasure-decode', 'decode', { dataRows: 29, rows: 80 }, { atLeast: 0.4 }),
  row('erasure-encode-10-16', 'encode', { dataRows: 10, rows: 16 }, { atLeast: 0.3 }),
  row('erasure-decode-10-16', 'decode', { dataRows: 10, rows: 16 }, { atLeast: 0.3 }),
  row('erasure-encode-4-6', 'encode', { dataRows: 4, rows: 6 }, { atLeast: 0.12 }),
  row('erasure-decode-4-6', 'decode', { dataRows: 4, rows: 6 }, { atLeast: 0.12 }),
]

function row(name: string, what: 'encode' | 'decode', code: ErasureCode, budget: Budget): Row {
  const { dataRows, rows } = code
  const lost = what === 'encode' ? 0 : Math.min(dataRows, rows - dataRows)
  const work: IsaLWork = { dataRows, rows, rowBytes: ROW_BYTES, lost }
  const rebuilt = lost === 0 ? `${rows - dataRows} parity rows of the data` : `${lost} lost data rows`
  return {
    name,
    unit: 'MB of data/s',
    against: `ISA-L, one core, ${dataRows}/${rows}`,
    budget,
    workload: `${rebuilt}, rows of ${ROW_BYTES} bytes, into rows that are there; MB (10^6) of data rows per second of CPU time, one thread; matrices and tables made before; ${ROUNDS} rounds of ${SECONDS} s, in turns. The parity rows of both are compared first`,
    commands: { ours: `npm run bench -- ${name}`, peer: isaLCommand(work, SECONDS) },
    async measure() {
      const isaL = await compileIsaL()
      try {
        const coder = createErasureCoder(code)
        const data = sampleRows(dataRows, ROW_BYTES)
        const parity = coder.encode(data)
        const theirs = await isaL.encode({ ...work, lost: 0 }, Buffer.concat(data))
        if (!equalBytes(Buffer.concat(parity), theirs))
          throw new Error('ISA-L makes other parity rows of the same data.')
        const wanted = Array.from({ length: lost }, (_, i) => i)
        const left = [...data, ...parity].map((each, i) => (i < lost ? undefined : each))
        const out = lost === 0 ? parity : wanted.map(() => new Uint8Array(ROW_BYTES))
        const once = () => void (lost === 0 ? coder.encode(data, out) : coder.reconstruct(left, wanted, out))
        roundsPerCpuSecond(SECONDS, once)
        const samples = await alternate(
          ROUNDS,
          async () => (roundsPerCpuSecond(SECONDS, once) * dataRows * ROW_BYTES) / 1e6,
          () => isaL.speed(work, SECONDS),
        )
        return { value: median(samples.ours), ratio: ratioOf(samples), samples: { ...samples } }
      } finally {
        await isaL.close()
      }
    },
  }
}
