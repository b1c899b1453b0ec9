import { fromHex, type Hex, parseHex, toHex } from '../hex.ts'
import type { NetworkId } from '../identity.ts'
import { keccak256 } from '../keccak/keccak256.ts'
import type { Work4 } from '../trees/work-node.ts'
import { RootError } from './root-error.ts'

/** What verifiers attest to, as `Root` of the contracts has it, field by field (spec 5). */
export interface Root {
  /** Id of the newest accepted root; 0 for the first. bytes32. */
  readonly parent: Hex
  /** First and last epoch of the range, contiguous with the parent's. u32. */
  readonly first: number
  readonly last: number
  /** Slots below this are covered by this root or an ancestor. u32. */
  readonly evidenceEnd: number
  /** Bit i: slot (parent.evidenceEnd + i) is included. u256. */
  readonly evidenceSet: bigint
  /** Hash of the ruleset in force in `last`. bytes32. */
  readonly ruleset: Hex
  /** Devices in the snapshot of `last`. u32. */
  readonly deviceCount: number
  readonly payoutHash: Hex
  readonly payoutSum: bigint
  readonly workHash: Hex
  readonly workSums: Work4
  readonly carryHash: Hex
  readonly carryCount: number
  /** 0 until the partition tree is in use. bytes32. */
  readonly partitionHash: Hex
}

/**
 * The root's id: keccak256(abi.encode(bytes28 network, Root)). All fields are static, so the encoding is one word of
 * 32 bytes for each, in order.
 *
 * @throws RootError `root_value` for a number out of its field's bounds, HexError for hex of another length.
 */
export const rootId = (network: NetworkId, root: Root): Hex => toHex(keccak256(encodeRoot(network, root)))

/** The preimage of {@link rootId}; throws as it does. */
export const encodeRoot = (network: NetworkId, root: Root): Uint8Array => {
  const words: Uint8Array[] = [
    bytesWord(network, 28, 'network'),
    bytesWord(root.parent, 32, 'parent'),
    uintWord(root.first, 32, 'first'),
    uintWord(root.last, 32, 'last'),
    uintWord(root.evidenceEnd, 32, 'evidenceEnd'),
    uintWord(root.evidenceSet, 256, 'evidenceSet'),
    bytesWord(root.ruleset, 32, 'ruleset'),
    uintWord(root.deviceCount, 32, 'deviceCount'),
    bytesWord(root.payoutHash, 32, 'payoutHash'),
    uintWord(root.payoutSum, 128, 'payoutSum'),
    bytesWord(root.workHash, 32, 'workHash'),
    ...root.workSums.map((sum, program) => uintWord(sum, 128, `workSums[${program}]`)),
    bytesWord(root.carryHash, 32, 'carryHash'),
    uintWord(root.carryCount, 32, 'carryCount'),
    bytesWord(root.partitionHash, 32, 'partitionHash'),
  ]
  const encoded = new Uint8Array(words.length * 32)
  words.forEach((word, i) => {
    encoded.set(word, i * 32)
  })
  return encoded
}

/** Bytes stand on the left of their word. */
const bytesWord = (hex: Hex, length: number, field: string): Uint8Array => {
  const word = new Uint8Array(32)
  word.set(fromHex(parseHex(hex, length, field)))
  return word
}

/** Integers stand on the right of their word. */
const uintWord = (value: number | bigint, bits: number, field: string): Uint8Array => {
  const isWhole = typeof value === 'bigint' || Number.isInteger(value)
  if (!isWhole || value < 0 || BigInt(value) >> BigInt(bits) !== 0n) {
    throw new RootError({
      code: 'root_value',
      message: `The root's ${field} is ${value}; expected an unsigned integer of ${bits} bits.`,
      fix: 'Correct the value where the root is derived: the contract has the same field widths.',
      field,
      value: `${value}`,
    })
  }
  return fromHex(`0x${value.toString(16).padStart(64, '0')}`)
}
