import { deriveSafety, type Remedy, type SafetyParameters } from '@cairn/economics'
import { BaseError } from '@cairn/protocol'
import type { Command } from 'commander'
import type { Cli } from '../command.ts'
import { type DurationOptions, durationsOf } from '../duration-options.ts'
import { wholeNumber } from '../parse-options.ts'
import { type AssumptionOptions, assumptionsOf, withAssumptions } from './assumption-options.ts'
import { failing, safetyRows, wholeTokens } from './show-safety.ts'

/** What {@link withSafety} reads from the command line. */
export interface SafetyOptions extends AssumptionOptions {
  readonly verifiers: number
  readonly force?: boolean
}

/** What `cairn network create` is asked for, as far as it decides whether cheating pays. Seconds, and tokens in their smallest unit. */
export interface PlanOptions extends SafetyOptions, DurationOptions {
  /** The most that an epoch emits. */
  readonly emission: bigint
  readonly ingestBond: bigint
  readonly verifierBond: bigint
  readonly challengeBond: bigint
  readonly verifierShare: number
}

/** With these parameters cheating pays; code `unsafe_parameters`. */
export class SafetyError extends BaseError {
  override readonly name = 'SafetyError'
}

/** The options with which `cairn network create` judges what it was asked for. */
export function withSafety(command: Command): Command {
  return withAssumptions(
    command.option('--verifiers <count>', 'how many are planned', wholeNumber(1, 32), 3),
    '1',
  ).option('--force', 'create it though with these parameters cheating pays')
}

/**
 * Refuses parameters with which cheating pays (spec 7, Safety); with `--force` says so and goes on.
 *
 * @throws SafetyError that names every inequality that does not hold, and the option that mends it
 */
export function requireSafe(
  { output }: Pick<Cli, 'output'>,
  options: PlanOptions,
  { isLocal }: { readonly isLocal: boolean },
): void {
  const inequalities = deriveSafety(parametersOf(options), assumptionsOf(options), { isLocal })
  const rows = safetyRows(inequalities, fixOf)
  const unsafe = failing(rows)
  if (unsafe.length === 0) return
  if (options.force === true) {
    for (const line of unsafe) output.note(`unsafe, as forced: ${line}`)
    return
  }
  throw new SafetyError({
    code: 'unsafe_parameters',
    field: rows.find(({ holds }) => !holds)?.name,
    message: `With these parameters cheating pays, so no network was created.\n${unsafe.join('\n')}`,
    fix: 'Change what the lines above name, say with --token-price, --gas-price and the like what is different here, or take the risk with --force.',
  })
}

function parametersOf(options: PlanOptions): SafetyParameters {
  return {
    timeline: durationsOf(options),
    emissionPerEpoch: options.emission,
    // Nothing waits yet: a program without work is seen by `cairn network safety`.
    rollover: 0n,
    verifierShareBps: options.verifierShare,
    verifiers: options.verifiers,
    verifierBonds: options.verifierBond * BigInt(options.verifiers),
    ingestBond: options.ingestBond,
    smallestIngestBond: options.ingestBond,
    challengeBond: options.challengeBond,
    sellerBps: [],
    returnBps: [],
  }
}

function fixOf({ parameter, value }: Remedy): string {
  switch (parameter) {
    case 'verifierBond':
      return `Use --verifier-bond ${wholeTokens(value)}, more --verifiers or less --emission.`
    case 'ingestBond':
      return `Use --ingest-bond ${wholeTokens(value)} or less --emission.`
    case 'challengeBond':
      return `Use --challenge-bond ${wholeTokens(value)}.`
    case 'responseSeconds':
      return `Use --response ${value}.`
    case 'challengeSeconds':
      return `Use --challenge ${value}.`
    case 'exitSeconds':
      return 'It follows from --response, which has to be as long as --forced-inclusion.'
    case 'verifiers':
      return `Use --verifiers ${value}, and have as many post a bond.`
    default:
      return `${parameter} has to be another.`
  }
}
