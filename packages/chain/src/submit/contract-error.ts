import { BaseError, type Hex } from '@cairn/protocol'
import { type Abi, decodeErrorResult, BaseError as ViemError } from 'viem'
import { bandEmissionAbi } from '../generated/band-emission.ts'
import { budgetsAbi } from '../generated/budgets.ts'
import { challengesAbi } from '../generated/challenges.ts'
import { creditsAbi } from '../generated/credits.ts'
import { delegationPoolAbi } from '../generated/delegation-pool.ts'
import { devicesAbi } from '../generated/devices.ts'
import { disputesAbi } from '../generated/disputes.ts'
import { drandBeaconAbi } from '../generated/drand-beacon.ts'
import { evidenceAbi } from '../generated/evidence.ts'
import { exponentialDecayAbi } from '../generated/exponential-decay.ts'
import { fixedEmissionAbi } from '../generated/fixed-emission.ts'
import { governedFeedAbi } from '../generated/governed-feed.ts'
import { ingestChallengesAbi } from '../generated/ingest-challenges.ts'
import { networkGovernorAbi } from '../generated/network-governor.ts'
import { networkTokenAbi } from '../generated/network-token.ts'
import { networksAbi } from '../generated/networks.ts'
import { operatorBondsAbi } from '../generated/operator-bonds.ts'
import { paymentsAbi } from '../generated/payments.ts'
import { possessionProofsAbi } from '../generated/possession-proofs.ts'
import { reserveAbi } from '../generated/reserve.ts'
import { rewardVaultAbi } from '../generated/reward-vault.ts'
import { settlementAbi } from '../generated/settlement.ts'
import { stakeAbi } from '../generated/stake.ts'
import { storageOffersAbi } from '../generated/storage-offers.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'
import { votingTokenAbi } from '../generated/voting-token.ts'
import { timelockControllerAbi } from '../timelock/timelock-controller.ts'
import { whatToDo } from './what-to-do.ts'

/** A contract's error comes up through others, so any of them may be what a call reverts with. */
const errors: Abi = [
  networksAbi,
  budgetsAbi,
  devicesAbi,
  stakeAbi,
  evidenceAbi,
  ingestChallengesAbi,
  settlementAbi,
  challengesAbi,
  disputesAbi,
  rewardVaultAbi,
  reserveAbi,
  networkTokenAbi,
  fixedEmissionAbi,
  exponentialDecayAbi,
  bandEmissionAbi,
  drandBeaconAbi,
  creditsAbi,
  paymentsAbi,
  operatorBondsAbi,
  delegationPoolAbi,
  possessionProofsAbi,
  storageOffersAbi,
  storageRailsAbi,
  governedFeedAbi,
  networkGovernorAbi,
  votingTokenAbi,
  timelockControllerAbi,
].flatMap((abi) => (abi as Abi).filter((item) => item.type === 'error'))

/** An error of a contract, decoded. */
export interface DecodedError {
  readonly name: string
  readonly args: Readonly<Record<string, unknown>>
}

/** A call that a contract refuses. Code: `contract_reverted`. */
export class ContractError extends BaseError {
  override readonly name = 'ContractError'
  /** The contract's error: `NotSealing`; `Error` for a text, `Panic`, or `Unknown`. */
  readonly errorName: string
  readonly args: Readonly<Record<string, unknown>>

  constructor(callName: string, { name, args }: DecodedError, cause?: unknown) {
    const text = Object.entries(args)
      .map(([key, value]) => `${key} ${String(value)}`)
      .join(', ')
    super({
      code: 'contract_reverted',
      message: `${callName} is refused by the contract: ${name}${text === '' ? '' : ` (${text})`}.`,
      fix: whatToDo(name),
      field: callName,
      value: name,
      cause,
    })
    this.errorName = name
    this.args = args
  }
}

/** Decodes what a call reverted with. */
export function decodeContractError(data: Hex): DecodedError {
  try {
    const { errorName, args = [], abiItem } = decodeErrorResult({ abi: errors, data })
    const inputs = 'inputs' in abiItem ? abiItem.inputs : []
    return {
      name: errorName,
      args: Object.fromEntries(args.map((value, i) => [inputs[i]?.name ?? `argument ${i}`, value])),
    }
  } catch {
    return { name: 'Unknown', args: data === '0x' ? {} : { data: data.slice(0, 200) } }
  }
}

/** The revert data inside an error of viem; undefined when the call did not get as far as a contract. */
export function revertDataOf(error: unknown): Hex | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const data = (current as { data?: unknown }).data
    if (typeof data === 'string' && data.startsWith('0x')) return data as Hex
    const inner = (data as { data?: unknown } | undefined)?.data
    if (typeof inner === 'string' && inner.startsWith('0x')) return inner as Hex
  }
  const isRevert = error instanceof ViemError && /revert/i.test(error.message)
  return isRevert ? '0x' : undefined
}
