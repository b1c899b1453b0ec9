import { keccak256 } from '../keccak/keccak256.ts'

/** Key of a partition's carry in the carry tree: keccak-256 of `sectorId/partitionKey` (ASCII). */
export function carryKey(sectorId: string, partitionKey: string): Uint8Array {
  return keccak256(new TextEncoder().encode(`${sectorId}/${partitionKey}`))
}
