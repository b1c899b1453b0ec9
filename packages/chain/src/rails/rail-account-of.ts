import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'

const NEVER = 0xffff_ffff

/** How a rail stands now: `RailAccount` of the contracts. Amounts are credits. */
export interface RailAccount {
  /** What the rail has. */
  readonly credits: bigint
  /** By proven periods, since it was opened. */
  readonly earned: bigint
  /** Of that, held back. */
  readonly held: bigint
  /** What settling pays. */
  readonly due: bigint
  /** What it has to have beside what is owed: notice at its size, and the reward of its repair. */
  readonly needed: bigint
  readonly perPeriod: bigint
  /** Now. */
  readonly period: number
  /** The last one that owes a proof; undefined while the rail goes on. */
  readonly lastPeriod: number | undefined
  /** The last one that the rail can pay; undefined where it costs nothing. */
  readonly coveredUntil: number | undefined
  readonly provenPeriods: number
  readonly missedInRow: number
  /** It may be called lost, or was. */
  readonly isLost: boolean
}

/** How a rail stands now. */
export async function readRailAccountOf(
  { client, deployment }: ChainReader,
  { rail }: { readonly rail: bigint },
): Promise<RailAccount> {
  const account = await readContract(client, {
    address: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'accountOf',
    args: [rail],
  })
  const { lastPeriod, coveredUntil } = account
  return {
    ...account,
    lastPeriod: lastPeriod === NEVER ? undefined : lastPeriod,
    coveredUntil: coveredUntil === NEVER ? undefined : coveredUntil,
  }
}
