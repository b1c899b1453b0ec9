import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fromHex, type Hex, toHex } from '../hex.ts'
import { parseNetworkId } from '../identity.ts'
import { keccak256 } from '../keccak/keccak256.ts'
import { type Root, rootId } from '../root/root.ts'
import { verifyTops } from '../root/tops.ts'
import { bodyLeaf } from './body-tree.ts'
import { verifyCarryProof } from './carry-tree.ts'
import { evidenceLeaf } from './evidence-tree.ts'
import { payoutTop, verifyPayoutMultiproof, verifyPayoutProof } from './payout-tree.ts'
import { verifyProof } from './plain-tree.ts'
import { bodyTags, evidenceTags } from './tree-tags.ts'
import { verifyVerdictProof } from './verdict-tree.ts'
import type { Work4 } from './work-node.ts'
import { verifyWorkProof } from './work-tree.ts'

const readVectors = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../../specs/vectors/${name}.json`, import.meta.url), 'utf8'))

const trees = readVectors('trees')
const siblingsOf = (hex: string) => {
  const bytes = fromHex(hex)
  return Array.from({ length: bytes.length / 32 }, (_, i) => bytes.slice(i * 32, (i + 1) * 32))
}
const work4 = (values: string[]) => values.map(BigInt) as unknown as Work4

test('default: the vectors have trees of every kind and size', () => {
  const counts = (kind: string): string[] => trees[kind].map(({ count }: { count: string }) => count)
  expect(counts('plain')).toEqual(['0', '1', '2', '3', '5', '8'])
  expect(counts('payout')).toEqual(['1', '5', '13'])
  expect(counts('work')).toEqual(['1', '5'])
  expect(counts('verdict')).toEqual(['0', '1', '3', '6'])
  expect(counts('carry')).toEqual(['0', '1', '3'])
})

test('default: evidence and body proofs of the vectors hold', () => {
  for (const tree of trees.plain) {
    const count = Number(tree.count)
    expect(tree.evidenceProofs.length).toBe(count)
    for (let position = 0; position < count; position++) {
      const leafHash = evidenceLeaf(fromHex(tree.recordHashes[position]))
      expect(toHex(leafHash)).toBe(tree.evidenceLeaves[position])
      const root = fromHex(tree.evidenceRoot)
      const siblings = siblingsOf(tree.evidenceProofs[position])
      expect(verifyProof({ root, count, position, leafHash, siblings }, evidenceTags)).toBe(true)
      const observation = bodyLeaf(fromHex(tree.observations[position]))
      const body = { root: fromHex(tree.bodyRoot), siblings: siblingsOf(tree.bodyProofs[position]) }
      expect(verifyProof({ ...body, count, position, leafHash: observation }, bodyTags)).toBe(true)
    }
  }
  expect(trees.plain[0].evidenceRoot).toBe(toHex(keccak256(Uint8Array.of(0x02))))
})

test('default: payout proofs and multiproofs of the vectors hold', () => {
  for (const tree of trees.payout) {
    const top = { hash: fromHex(tree.hash), sum: BigInt(tree.sum) }
    const count = Number(tree.count)
    const cumulatives: bigint[] = tree.cumulatives.map(BigInt)
    expect(toHex(payoutTop(top.hash, top.sum))).toBe(tree.top)
    cumulatives.forEach((cumulative, index) => {
      const siblings = fromHex(tree.proofs[index])
      expect(verifyPayoutProof({ top, count, index, cumulative, siblings })).toBe(true)
    })
    expect(tree.multiproofs.length).toBeGreaterThan(0)
    for (const multiproof of tree.multiproofs) {
      const [first, run] = [Number(multiproof.first), Number(multiproof.run)]
      const claim = { top, count, first, cumulatives: cumulatives.slice(first, first + run) }
      expect(verifyPayoutMultiproof({ ...claim, siblings: fromHex(multiproof.siblings) })).toBe(true)
    }
  }
})

test('default: work and verdict proofs of the vectors hold', () => {
  for (const tree of trees.work) {
    const top = { hash: fromHex(tree.hash), sums: work4(tree.sums) }
    for (const { index, work, verdictHash, verdictCount, siblings } of tree.leaves) {
      const leaf = {
        index: Number(index),
        work: work4(work),
        verdictHash: fromHex(verdictHash),
        verdictCount: Number(verdictCount),
      }
      expect(verifyWorkProof({ top, count: Number(tree.count), leaf, siblings: fromHex(siblings) })).toBe(
        true,
      )
    }
  }
  for (const tree of trees.verdict) {
    const top = { hash: fromHex(tree.hash), sums: work4(tree.sums) }
    tree.entries.forEach((vector: Record<string, string> & { work: string[] }, position: number) => {
      const entry = {
        slot: Number(vector.slot),
        index: Number(vector.index),
        observation: Number(vector.observation),
        reason: Number(vector.reason),
        work: work4(vector.work),
      }
      const siblings = fromHex(vector.siblings!)
      expect(verifyVerdictProof({ top, count: Number(tree.count), position, entry, siblings })).toBe(true)
    })
  }
})

test('default: carry proofs of the vectors hold', () => {
  for (const tree of trees.carry) {
    tree.entries.forEach((vector: Record<string, string>, position: number) => {
      const entry = {
        key: fromHex(vector.key!),
        lastEpoch: Number(vector.lastEpoch),
        value: fromHex(vector.value!),
      }
      const siblings = siblingsOf(vector.siblings!)
      const proof = { root: fromHex(tree.root), count: Number(tree.count), position, entry, siblings }
      expect(verifyCarryProof(proof)).toBe(true)
    })
  }
})

test('default: the roots of the vectors have their ids and tops', () => {
  const { roots } = readVectors('root')
  expect(roots.length).toBeGreaterThan(0)
  for (const { network, root: fields, id, tops, payoutTop: keptByVault } of roots) {
    const root: Root = {
      ...fields,
      first: Number(fields.first),
      last: Number(fields.last),
      evidenceEnd: Number(fields.evidenceEnd),
      evidenceSet: BigInt(fields.evidenceSet),
      deviceCount: Number(fields.deviceCount),
      payoutSum: BigInt(fields.payoutSum),
      workSums: work4(fields.workSums),
      carryCount: Number(fields.carryCount),
    }
    expect(rootId(parseNetworkId(network), root)).toBe(id)
    expect(toHex(payoutTop(fromHex(root.payoutHash), root.payoutSum))).toBe(keptByVault)
    const payoutNode = ({ hash, sum }: { hash: Hex; sum: string }) => ({ hash, sum: BigInt(sum) })
    const workNode = ({ hash, sums }: { hash: Hex; sums: string[] }) => ({ hash, sums: work4(sums) })
    const parsed = {
      payoutLeft: payoutNode(tops.payoutLeft),
      payoutRight: payoutNode(tops.payoutRight),
      workLeft: workNode(tops.workLeft),
      workRight: workNode(tops.workRight),
    }
    expect(verifyTops(root, parsed)).toBe(true)
  }
})
