import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import type { Row } from '../row.ts'
import { alternate, median, ratioOf } from '../statistics.ts'
import { buildRewardTrees } from '../workloads/payout-and-work-trees.ts'

const DEVICES = 1_000_000
const PEER_LEAVES = 100_000
const ROUNDS = 2

/** How long the trees of a large network's root take, against the library that most networks on EVM chains use. */
export const rewardTrees: Row = {
  name: 'reward-trees',
  unit: 's',
  against: `@openzeppelin/merkle-tree, one StandardMerkleTree of ${PEER_LEAVES} (address, uint256) leaves, time × ${DEVICES / PEER_LEAVES}`,
  budget: { atLeast: 50 },
  workload: `payout tree and work tree of ${DEVICES} devices, median of ${ROUNDS} rounds, in turns with the peer, one thread each; the peer's sorting makes its time grow faster than linearly, so × ${DEVICES / PEER_LEAVES} is in its favour. The ratio is the peer's time over ours`,
  commands: {
    ours: 'npm run bench -- reward-trees',
    peer: `StandardMerkleTree.of(${PEER_LEAVES} leaves, ['address', 'uint256']) in the same process`,
  },
  async measure() {
    const leaves = peerLeaves(PEER_LEAVES)
    buildRewardTrees(10_000)
    StandardMerkleTree.of(leaves.slice(0, 1000), ['address', 'uint256'])
    const samples = await alternate(
      ROUNDS,
      async () => buildRewardTrees(DEVICES) / 1000,
      async () => {
        const start = performance.now()
        StandardMerkleTree.of(leaves, ['address', 'uint256'])
        return (performance.now() - start) / 1000
      },
    )
    const scale = DEVICES / PEER_LEAVES
    return {
      value: median(samples.ours),
      ratio: scale / ratioOf(samples),
      samples: { [`ours, s for ${DEVICES}`]: samples.ours, [`peer, s for ${PEER_LEAVES}`]: samples.peer },
    }
  },
}

function peerLeaves(count: number): [string, bigint][] {
  return Array.from({ length: count }, (_, i) => [
    `0x${(i + 1).toString(16).padStart(40, '0')}`,
    10n ** 18n + BigInt(i),
  ])
}
