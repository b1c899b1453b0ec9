import { type ChainReader, type Rail, readRail, readRailCount } from '@cairn/chain'
import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'

/** Which rails; those that fit all that is said. */
export interface RailFilter {
  readonly payer?: Address | undefined
  readonly signer?: Address | undefined
  readonly device?: number | undefined
  /** Those that are closed, too. */
  readonly all?: boolean | undefined
}

/** Rails that are read at once. */
const railsAtATime = 50

/** Ids of the rails of a network that fit, oldest first. */
export async function findRails(
  reader: ChainReader & { readonly file: { readonly network: NetworkId } },
  { payer, signer, device, all }: RailFilter,
): Promise<readonly bigint[]> {
  const isSame = (wanted: Address | undefined, given: Address) =>
    wanted === undefined || wanted.toLowerCase() === given.toLowerCase()
  const fits = (rail: Rail) =>
    rail.network === reader.file.network &&
    (all === true || rail.state !== 'closed') &&
    (device === undefined || rail.device === device) &&
    isSame(payer, rail.payer) &&
    isSame(signer, rail.signer)
  const count = Number(await readRailCount(reader))
  const found: bigint[] = []
  for (let first = 0; first < count; first += railsAtATime) {
    const ids = Array.from({ length: Math.min(railsAtATime, count - first) }, (_, i) => BigInt(first + i))
    const rails = await Promise.all(ids.map((rail) => readRail(reader, { rail })))
    found.push(...ids.filter((_, i) => fits(rails[i]!)))
  }
  return found
}
