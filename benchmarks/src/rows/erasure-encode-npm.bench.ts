import { createErasureCoder } from '@cairn/sector-storage'
import { roundsPerCpuSecond } from '../cpu-time.ts'
import { npmErasurePackage, openNpmErasure } from '../peers/npm-erasure.ts'
import type { Row } from '../row.ts'
import { alternate, median, ratioOf } from '../statistics.ts'
import { sampleRows } from '../workloads/sample-rows.ts'

const ROUNDS = 5
const SECONDS = 0.4
const ROW_BYTES = 64 * 1024
const [DATA_ROWS, ROWS] = [29, 80]

/** Why the code is Cairn's own. */
export const erasureEncodeNpm: Row = {
  name: 'erasure-encode-npm',
  unit: 'MB of data/s',
  against: `${npmErasurePackage}, ${DATA_ROWS}/${ROWS}`,
  budget: { atLeast: 10 },
  workload: `${ROWS - DATA_ROWS} parity rows of ${DATA_ROWS} of ${ROW_BYTES} bytes; MB (10^6) of data rows per second of CPU time, one thread; ${ROUNDS} rounds of ${SECONDS} s, in turns. The package is installed for the run`,
  commands: {
    ours: 'npm run bench -- erasure-encode-npm',
    peer: `npm install ${npmErasurePackage}; its encode in the same process`,
  },
  async measure() {
    const encode = await openNpmErasure()
    const coder = createErasureCoder({ dataRows: DATA_ROWS, rows: ROWS })
    const data = sampleRows(DATA_ROWS, ROW_BYTES)
    const parity = coder.encode(data)
    const together = new Uint8Array(ROWS * ROW_BYTES)
    together.set(Buffer.concat(data))
    const ours = () => void coder.encode(data, parity)
    const peer = () => encode(together, DATA_ROWS, ROWS - DATA_ROWS)
    const speed = (once: () => void) => (roundsPerCpuSecond(SECONDS, once) * DATA_ROWS * ROW_BYTES) / 1e6
    speed(ours)
    const samples = await alternate(
      ROUNDS,
      async () => speed(ours),
      async () => speed(peer),
    )
    return { value: median(samples.ours), ratio: ratioOf(samples), samples: { ...samples } }
  },
}
