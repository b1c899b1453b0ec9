import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compareBytes, concatBytes, fromHex, toHex } from '../hex.ts'
import { keccak256 } from '../keccak/keccak256.ts'
import { buildTree, rootFromProof } from './plain-tree.ts'
import type { TreeHashing } from './tree-levels.ts'
import { setUint128 } from './uint.ts'

/**
 * Rocket Pool's published rewards of interval 0 (rocket-pool/rewards-trees, mainnet). Its format: leaf =
 * keccak256(address ‖ network u256 ‖ RPL u256 ‖ ETH u256), leaves sorted, padded with zero hashes to a power of two,
 * the smaller child first, no tags (rocketpool-research, Merkle Rewards System).
 */
interface Rewards {
  merkleRoot: string
  nodeRewards: Record<
    string,
    {
      rewardNetwork: number
      collateralRpl: string
      oracleDaoRpl: string
      smoothingPoolEth: string
      merkleProof: string[]
    }
  >
}

const file = new URL('../../../../../shared/data/settlement/merkle-rewards-reference.json', import.meta.url)
const isMissing = !existsSync(file)

const untaggedSorted: TreeHashing = {
  nodeTag: undefined,
  width: 32,
  empty: new Uint8Array(32),
  pairOrder: 'sorted',
}

const uint256 = (value: bigint): Uint8Array => {
  const word = new Uint8Array(32)
  setUint128(new DataView(word.buffer), 16, value, 'amount')
  return word
}

describe.skipIf(isMissing)(
  `published rewards of another system${isMissing ? ' (left out: ../shared/data/settlement is not there)' : ''}`,
  () => {
    test('behavior: the root and all proofs of a published rewards file are reproduced', () => {
      const rewards: Rewards = JSON.parse(readFileSync(file, 'utf8'))
      const leaves = Object.entries(rewards.nodeRewards).map(([address, each]) => {
        const rpl = BigInt(each.collateralRpl) + BigInt(each.oracleDaoRpl)
        const words = [BigInt(each.rewardNetwork), rpl, BigInt(each.smoothingPoolEth)].map(uint256)
        return { hash: keccak256(concatBytes(fromHex(address), ...words)), proof: each.merkleProof }
      })
      leaves.sort((a, b) => compareBytes(a.hash, b.hash))
      const tree = buildTree(concatBytes(...leaves.map(({ hash }) => hash)), untaggedSorted)
      expect(leaves.length).toBeGreaterThan(1000)
      expect(toHex(tree.root)).toBe(rewards.merkleRoot)
      leaves.forEach(({ hash, proof }, position) => {
        expect(tree.proof(position).map(toHex)).toEqual(proof)
        expect(toHex(rootFromProof(hash, position, proof.map(fromHex), untaggedSorted))).toBe(
          rewards.merkleRoot,
        )
      })
    })
  },
)
