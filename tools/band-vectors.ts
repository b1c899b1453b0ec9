import {
  advanceBand,
  type BandEmission,
  type BandInput,
  type BandLimits,
  deriveBand,
  openBand,
} from '@cairn/economics'

const token = 10n ** 18n

const bandLimits: BandLimits = { floorBps: 5_000n, capBps: 30_000n, netEmissionCap: 1_644n * token }

/** Single epochs of a band: bounds that bind, no price, no reach. */
export function bands() {
  const at = (cents: bigint, smoothedBurn: bigint, change: Partial<BandInput> = {}): BandInput => ({
    scheduled: 20_548n * token,
    smoothedBurn,
    paidAtFloorPrice: (9_100n * 100n * token) / cents,
    paidAtPrice: (9_100n * 100n * token) / cents,
    paidDirectly: 0n,
    reach: 624_890_000_000_000_000n,
    ...change,
  })
  const inputs = [
    at(100n, 1_644n * token),
    at(10n, 91_000n * token),
    at(10n, 9_100n * token),
    at(250n, 1_644n * token),
    at(10n, 91_000n * token, { reach: 0n }),
    at(10n, 91_000n * token, { paidDirectly: 30_000n * token }),
    at(10n, 91_000n * token, { paidAtFloorPrice: 1n << 150n }),
    at(10n, 91_000n * token, { paidAtFloorPrice: undefined, paidAtPrice: undefined }),
    at(7n, 123_456_789_012_345_678_901n, { scheduled: 1n, reach: 333_333_333_333_333_333n }),
  ]
  return inputs.map((input) => ({ limits: bandLimits, input, band: deriveBand(bandLimits, input) }))
}

/** A band as emission, epoch by epoch: floor, cap, a faint payment, quiet epochs, and at last the end of what fits. */
export function bandRuns() {
  const terms: BandEmission = {
    ...bandLimits,
    capFrom: 5n * token,
    reach: token,
    baseTotal: 10n ** 9n * token,
  }
  const epochs: readonly (readonly [bigint, bigint, bigint])[] = [
    [100n, 0n, 0n],
    [100n, 90n, 10n],
    [100n, 7n, 1n],
    [100n, 1n, 1n],
    [0n, 91_000n, 0n],
    [1n, 30_000n, 10_000n],
    [1n, 0n, 777n],
    [1n, 0n, 0n],
    [1n, 0n, 0n],
    [20_548n, 5_000n, 2_500n],
  ]
  const run = (changes: Partial<BandEmission>) => {
    let state = openBand
    const all = { ...terms, ...changes }
    return {
      terms: all,
      epochs: epochs.map(([scheduled, burned, paidDirectly]) => {
        const epoch = {
          scheduled: scheduled * token,
          burned: burned * token + 3n,
          paidDirectly: paidDirectly * token,
        }
        state = advanceBand(all, state, epoch)
        return { ...epoch, ...state }
      }),
    }
  }
  return [
    run({}),
    run({ reach: 624_890_000_000_000_000n }),
    run({ reach: 0n }),
    run({ capBps: 0n, floorBps: 10_000n, netEmissionCap: 0n }),
    run({ baseTotal: (1n << 96n) - 5_000n * token }),
  ]
}
