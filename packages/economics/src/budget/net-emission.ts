import { least } from '../arithmetic/mul-div.ts'
import { requireRange } from '../economics-error.ts'

/** The burn of recent epochs, smoothed: `(n − 1) · previous / n + burned / n`, each part rounded down, so the target never passes the burn it follows. */
export function smoothBurn(previous: bigint, burned: bigint, epochs = 7n): bigint {
  requireRange('epochs', epochs, 1n, 65_535n)
  return ((epochs - 1n) * previous) / epochs + burned / epochs
}

/**
 * What is emitted again of what was burned (HIP-20, net emissions): the smoothed burn, and at most `cap`. Amounts in the token's smallest unit.
 */
export const netEmission = (smoothedBurn: bigint, cap: bigint): bigint => least(smoothedBurn, cap)
