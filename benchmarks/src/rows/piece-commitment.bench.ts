import { createPieceHasher } from '@cairn/sector-storage'
import { hashInto } from '@chainsafe/hashtree'
import { roundsPerCpuSecond } from '../cpu-time.ts'
import type { Row } from '../row.ts'
import { alternate, median, ratioOf } from '../statistics.ts'
import { sampleRows } from '../workloads/sample-rows.ts'

const ROUNDS = 9
const SECONDS = 0.4
const LEAVES = 2 ** 21
const NODE_BYTES = 32
/** What Fr32 turns into that many leaves. */
const RAW_BYTES = (LEAVES / 4) * 127
const WRITE_BYTES = 1024 * 1024

/** What a piece commitment costs beside the hashing that nobody can spare: Fr32, copies, masks and the calls into native code. */
export const pieceCommitment: Row = {
  name: 'piece-commitment',
  unit: 'MB of data/s',
  against: `hashInto of @chainsafe/hashtree on the same ${LEAVES - 1} pairs of nodes, a call a layer, memory prepared, nothing padded or masked`,
  budget: { atLeast: 0.8 },
  workload: `${RAW_BYTES} raw bytes (64 MiB of leaves) written in parts of 1 MiB to createPieceHasher; MB (10^6) of raw data per second of CPU time, one thread; ${ROUNDS} rounds of ${SECONDS} s or more, in turns`,
  commands: {
    ours: 'npm run bench -- piece-commitment',
    peer: 'hashInto(layer, layerAbove) in the same process',
  },
  async measure() {
    const raw = new Uint8Array(RAW_BYTES)
    const [sample] = sampleRows(1, WRITE_BYTES)
    for (let at = 0; at < RAW_BYTES; at += WRITE_BYTES) raw.set(sample!.subarray(0, RAW_BYTES - at), at)
    const leaves = new Uint8Array(LEAVES * NODE_BYTES)
    leaves.set(raw)
    const [odd, even] = [new Uint8Array(leaves.length / 2), new Uint8Array(leaves.length / 4)]
    const speed = (once: () => void) => (roundsPerCpuSecond(SECONDS, once) * RAW_BYTES) / 1e6
    const commit = () => {
      const hasher = createPieceHasher()
      for (let at = 0; at < RAW_BYTES; at += WRITE_BYTES) hasher.write(raw.subarray(at, at + WRITE_BYTES))
      hasher.finish()
    }
    const hashLayers = () => {
      let [from, to] = [leaves, odd]
      for (let bytes = leaves.length; bytes > NODE_BYTES; bytes /= 2) {
        hashInto(from.subarray(0, bytes), to.subarray(0, bytes / 2))
        ;[from, to] = [to, to === odd ? even : odd]
      }
    }
    commit()
    hashLayers()
    const samples = await alternate(
      ROUNDS,
      async () => speed(commit),
      async () => speed(hashLayers),
    )
    return { value: median(samples.ours), ratio: ratioOf(samples), samples: { ...samples } }
  },
}
