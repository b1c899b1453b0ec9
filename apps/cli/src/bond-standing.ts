import {
  type ChainReader,
  type DeviceBond,
  readBondOf,
  readClassOf,
  readLeastBondOf,
  readScoreOf,
} from '@cairn/chain'
import type { NetworkId } from '@cairn/protocol'
import { tokens } from './output/amounts.ts'

/** How a device stands: its bond, what its class asks for, and its score now. */
export interface BondStanding extends DeviceBond {
  readonly least: bigint
  /** Whether the part that stays is the least of the class. */
  readonly bonded: boolean
}

/** @param epoch the one the score is asked for */
export async function readBondStanding(
  reader: ChainReader,
  { network, index, epoch }: { readonly network: NetworkId; readonly index: number; readonly epoch: number },
): Promise<BondStanding> {
  const [bond, score, deviceClass] = await Promise.all([
    readBondOf(reader, { network, index }),
    readScoreOf(reader, { network, index, epoch }),
    readClassOf(reader, { network, index }),
  ])
  const least = await readLeastBondOf(reader, { network, deviceClass })
  return { ...bond, score, least, bonded: bond.amount - bond.exiting >= least }
}

/** The standing in a line. */
export function bondText({ amount, exiting, least, bonded, score }: BondStanding): string {
  const leaving = exiting === 0n ? '' : `, ${tokens(exiting)} of it leaving`
  const asked = least === 0n ? 'its class asks for none' : `its class asks for ${tokens(least)}`
  return `bond: ${tokens(amount)}${leaving}; ${asked}${bonded ? '' : ': under-bonded'}; score ${score}`
}
