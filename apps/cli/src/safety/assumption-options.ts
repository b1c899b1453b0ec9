import { defaultAssumptions, type SafetyAssumptions } from '@cairn/economics'
import type { Command } from 'commander'
import { dollarAmount, gweiAmount, wholeNumber } from '../parse-options.ts'

/** What {@link withAssumptions} reads from the command line; what is not said has a default. */
export interface AssumptionOptions {
  readonly tokenPrice?: bigint
  readonly coinPrice?: bigint
  readonly gasPrice?: bigint
  readonly detection?: number
  readonly outage?: number
  readonly checkCost?: bigint
  readonly forcedInclusion?: number
}

/** Dollar amounts are in credits, which have six decimals. */
const DECIMALS = 6

/** The world a network's safety is computed for, as options. */
export function withAssumptions(command: Command, tokenPriceDefault: string): Command {
  return command
    .option(
      '--token-price <dollars>',
      `a token, for its safety (default: ${tokenPriceDefault})`,
      dollarAmount,
    )
    .option('--gas-price <gwei>', 'of a unit of gas, for its safety (default: 1)', gweiAmount)
    .option('--coin-price <dollars>', 'the coin that gas is paid in (default: 3000)', dollarAmount)
    .option(
      '--detection <bps>',
      'how likely what is false is found, in basis points: a watcher awake and heard, a dishonest device caught (default: 5000)',
      wholeNumber(1, 10_000),
    )
    .option(
      '--outage <seconds>',
      'the longest time without an accepted root (default: 86400)',
      wholeNumber(0, 2 ** 32),
    )
    .option('--check-cost <dollars>', 'of recomputing an epoch (default: 0.05)', dollarAmount)
    .option(
      '--forced-inclusion <seconds>',
      'how long the chain can keep a transaction out (default: 43200)',
      wholeNumber(0, 2 ** 32),
    )
}

/** @param feedPrice credits a token, by the network's feed */
export function assumptionsOf(options: AssumptionOptions, feedPrice?: bigint): SafetyAssumptions {
  const { tokenPrice = feedPrice, coinPrice } = options
  const usual = defaultAssumptions
  return {
    tokenPrice: tokenPrice === undefined ? usual.tokenPrice : { value: tokenPrice, decimals: DECIMALS },
    coinPrice: coinPrice === undefined ? usual.coinPrice : { value: coinPrice, decimals: DECIMALS },
    gasPriceWei: options.gasPrice ?? usual.gasPriceWei,
    detectionBps: options.detection ?? usual.detectionBps,
    outageSeconds: options.outage ?? usual.outageSeconds,
    checkCostCredits: options.checkCost ?? usual.checkCostCredits,
    cheatEverySeconds: usual.cheatEverySeconds,
    forcedInclusionSeconds: options.forcedInclusion ?? usual.forcedInclusionSeconds,
  }
}
