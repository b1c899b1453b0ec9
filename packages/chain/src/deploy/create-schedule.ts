import { type Address, encodeDeployData, type Hex } from 'viem'
import { exponentialDecayAbi, exponentialDecayBytecode } from '../generated/exponential-decay.ts'
import { fixedEmissionAbi, fixedEmissionBytecode } from '../generated/fixed-emission.ts'
import { simpleMintingAbi, simpleMintingBytecode } from '../generated/simple-minting.ts'
import type { Submitter } from '../submit/create-submitter.ts'
import { create } from './deploy-singletons.ts'

/** Emission that halves: `perEpoch`, halved after every `halvingEpochs`, `maxHalvings` times. Amounts in the token's smallest unit. */
export interface HalvingSchedule {
  readonly kind: 'halving'
  readonly perEpoch: bigint
  readonly halvingEpochs: number
  readonly maxHalvings: number
}

/** Emission that decays in steps: `perEpoch`, times `numerator / denominator` after every `stepEpochs`; nothing after `steps` of them, at most 1 024. */
export interface DecaySchedule {
  readonly kind: 'decay'
  readonly perEpoch: bigint
  readonly numerator: bigint
  readonly denominator: bigint
  readonly stepEpochs: number
  readonly steps: number
}

/** Filecoin's simple minting: it tends to `asymptote` with λ = ln 2 / (epochs of a half-life) in Q.128, 2^64 to 2^127. */
export interface MintingSchedule {
  readonly kind: 'minting'
  readonly asymptote: bigint
  readonly lambda: bigint
}

/** A schedule that depends on nothing but the epoch. */
export type FixedSchedule = HalvingSchedule | DecaySchedule | MintingSchedule

/** Creates the emission contract of a fixed schedule and returns its address. */
export function createSchedule(submitter: Submitter, schedule: FixedSchedule): Promise<Address> {
  return create(submitter, creationOf(schedule))
}

function creationOf(schedule: FixedSchedule): { readonly name: string; readonly data: Hex } {
  switch (schedule.kind) {
    case 'halving':
      return {
        name: 'FixedEmission',
        data: encodeDeployData({
          abi: fixedEmissionAbi,
          bytecode: fixedEmissionBytecode,
          args: [schedule.perEpoch, schedule.halvingEpochs, schedule.maxHalvings],
        }),
      }
    case 'decay':
      return {
        name: 'ExponentialDecay',
        data: encodeDeployData({
          abi: exponentialDecayAbi,
          bytecode: exponentialDecayBytecode,
          args: [
            schedule.perEpoch,
            schedule.numerator,
            schedule.denominator,
            schedule.stepEpochs,
            schedule.steps,
          ],
        }),
      }
    case 'minting':
      return {
        name: 'SimpleMinting',
        data: encodeDeployData({
          abi: simpleMintingAbi,
          bytecode: simpleMintingBytecode,
          args: [schedule.asymptote, schedule.lambda],
        }),
      }
  }
}
