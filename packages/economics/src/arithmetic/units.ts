/** One token in its smallest unit: 18 decimals. */
export const TOKEN = 10n ** 18n
/** One, as a fraction with 18 decimals. */
export const WAD = 10n ** 18n
/** One, in basis points. */
export const BPS = 10_000n
/** One, in Q.128. */
export const Q128 = 1n << 128n
/** The most a schedule may emit in total: an emission fits 96 bits, as `RewardVault` counts it. */
export const TOTAL_MAX = (1n << 96n) - 1n
/** Epochs are 32 bits wide on chain. */
export const EPOCH_MAX = 0xffff_ffff
