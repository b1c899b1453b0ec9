import { concatBytes, fromHex, type Hex, parseHex } from '../hex.ts'
import { type NetworkId, parseNetworkId } from '../identity.ts'
import { keccak256 } from '../keccak/keccak256.ts'
import { ReceiptError } from './receipt-error.ts'
import { parseBytes, parseField, parseFields, parseU32 } from './receipt-fields.ts'

/** What an ingest signs once a group of reports is durable (spec 3). */
export interface GroupCommit {
  readonly network: NetworkId
  readonly epoch: number
  /** Index of the group's first report in the epoch's log. */
  readonly first: number
  /** Reports in the group, at least 1. */
  readonly count: number
  /** Evidence tree over the record hashes of the group, 32 bytes. */
  readonly batchRoot: Hex
}

/** Where a signature counts: the chain, and the IngestChallenges contract on it (20 bytes). */
export interface GroupCommitDomain {
  readonly chainId: number | bigint
  readonly verifyingContract: Hex
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

const domainType = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'
const groupType = 'GroupCommit(bytes28 network,uint32 epoch,uint32 first,uint32 count,bytes32 batchRoot)'

/**
 * The EIP-712 digest of a group commit, 32 bytes, which the ingest's secp256k1 key signs. The domain's name is "Cairn",
 * its version "1".
 *
 * @throws HexError (`malformed_hex`) when the contract or the batch root is not of its width; RangeError for a number that is not a uint.
 */
export const groupCommitDigest = (domain: GroupCommitDomain, group: GroupCommit): Uint8Array => {
  const contract = parseHex(domain.verifyingContract, 20, 'verifyingContract')
  const separator = keccak256(
    concatBytes(
      keccak256(ascii(domainType)),
      keccak256(ascii('Cairn')),
      keccak256(ascii('1')),
      word(BigInt(domain.chainId)),
      word(BigInt(contract)),
    ),
  )
  const struct = keccak256(
    concatBytes(
      keccak256(ascii(groupType)),
      fromHex(group.network),
      new Uint8Array(4),
      word(BigInt(group.epoch)),
      word(BigInt(group.first)),
      word(BigInt(group.count)),
      fromHex(parseHex(group.batchRoot, 32, 'batchRoot')),
    ),
  )
  return keccak256(concatBytes(Uint8Array.of(0x19, 0x01), separator, struct))
}

/**
 * A group commit from JSON. Keys it does not know are left out.
 *
 * @throws ReceiptError (`malformed_receipt`, with the field) for anything that is not one.
 */
export const parseGroupCommit = (value: unknown): GroupCommit => {
  const fields = parseFields(value, 'group')
  const first = parseU32(fields.first, 'group.first')
  const count = parseU32(fields.count, 'group.count')
  if (count === 0 || first + count > 2 ** 32) {
    throw new ReceiptError('group.count', count, `an integer from 1 to ${2 ** 32 - first}`)
  }
  return {
    network: parseField(fields.network, 'group.network', 'a network id', parseNetworkId),
    epoch: parseU32(fields.epoch, 'group.epoch'),
    first,
    count,
    batchRoot: parseBytes(fields.batchRoot, 32, 'group.batchRoot'),
  }
}

const word = (value: bigint): Uint8Array => {
  if (value < 0n || value >= 1n << 256n) {
    throw new RangeError(
      `${value} is not a uint256. Correct the caller: it would be signed as another number.`,
    )
  }
  return fromHex(`0x${value.toString(16).padStart(64, '0')}`)
}
