import {
  advanceMinting,
  burnForCredits,
  collateralRatioBps,
  creditsForBurn,
  deriveAnchor,
  EXP_NEG_MAX,
  emptyRemintVault,
  expNeg,
  exponentialDecay,
  FILECOIN_MINTING,
  fixedHalving,
  halfLifeRate,
  mintExactCredits,
  mintingReward,
  openMinting,
  overflow,
  type PriceLimits,
  type PriceReading,
  reviewPolicy,
  type Schedule,
  settleCredits,
  simpleMinting,
  smoothBurn,
  splitPayment,
  tokensForCredits,
  usageRewardLimit,
  verifyPrice,
} from '@cairn/economics'
import { bandRuns, bands } from './band-vectors.ts'
import { breakers, programs } from './budget-vectors.ts'
import type { GeneratedFile } from './generated-files.ts'
import { vectorFile } from './vector-keys.ts'

const token = 10n ** 18n

/** Numbers as decimal text, which JSON readers of Solidity take as uint256. Undefined is written as null. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint' || typeof value === 'number') return String(value)
  if (value === undefined) return null
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]))
  }
  return value
}

function scheduleVector<P>(parameters: P, make: (parameters: P) => Schedule, epochs: readonly number[]) {
  const schedule = make(parameters)
  return {
    parameters,
    total: schedule.total,
    epochs,
    cumulative: epochs.map((epoch) => schedule.cumulative(epoch)),
  }
}

const halvings = () => [
  scheduleVector(
    { perEpoch: 100n, halvingEpochs: 10, maxHalvings: 2 },
    fixedHalving,
    [0, 1, 10, 11, 20, 29, 30, 31, 4_294_967_295],
  ),
  scheduleVector(
    { perEpoch: 60_000_000n * token, halvingEpochs: 2, maxHalvings: 24 },
    fixedHalving,
    [0, 1, 6, 8, 49, 50, 51],
  ),
]

const decays = () => [
  scheduleVector(
    {
      perEpoch: 1_105_000n * token,
      rate: { numerator: 85n, denominator: 100n },
      stepEpochs: 52,
      steps: 40,
    },
    exponentialDecay,
    [0, 1, 51, 52, 53, 104, 1_000, 2_079, 2_080, 2_081, 4_294_967_295],
  ),
  scheduleVector(
    {
      perEpoch: 4_566_210_045_662_100_456_621n,
      rate: { numerator: 989_913_666_076_933n, denominator: 1_000_000_000_000_000n },
      stepEpochs: 730,
      steps: 240,
    },
    exponentialDecay,
    [0, 1, 730, 731, 8_760, 87_600, 175_199, 175_200, 4_294_967_295],
  ),
  // The most steps, and the longest walk between two that a contract keeps.
  scheduleVector(
    {
      perEpoch: (1n << 80n) - 1n,
      rate: { numerator: (1n << 64n) - 3n, denominator: (1n << 64n) - 1n },
      stepEpochs: 7,
      steps: 1_024,
    },
    exponentialDecay,
    [0, 6, 7, 105, 111, 112, 113, 3_583, 3_584, 7_160, 7_167, 7_168, 4_294_967_295],
  ),
  // Amounts that come to nothing, and a single step.
  scheduleVector(
    { perEpoch: 1_000n, rate: { numerator: 0n, denominator: 1n }, stepEpochs: 3, steps: 40 },
    exponentialDecay,
    [0, 2, 3, 4, 100, 120],
  ),
  scheduleVector(
    {
      perEpoch: (1n << 96n) - 1n,
      rate: { numerator: 1n, denominator: 2n },
      stepEpochs: 1,
      steps: 1,
    },
    exponentialDecay,
    [0, 1, 2],
  ),
]

const simpleMintings = () => [
  scheduleVector(
    { asymptote: FILECOIN_MINTING.simpleTotal, lambda: FILECOIN_MINTING.lambda },
    simpleMinting,
    [0, 1, 5_000, 2_555_000, 6_307_200, 12_614_400, 45_496_000, 45_497_000, 4_294_967_295],
  ),
  scheduleVector(
    { asymptote: (1n << 96n) - 1n, lambda: 1n << 64n },
    simpleMinting,
    [0, 1, 2, 3, 1_000, 4_294_967_295],
  ),
  scheduleVector(
    { asymptote: 1_000n, lambda: 1n << 127n },
    simpleMinting,
    [0, 1, 2, 9, 10, 11, 4_294_967_295],
  ),
  scheduleVector(
    { asymptote: 10n ** 9n * token, lambda: halfLifeRate(8_766) },
    simpleMinting,
    [0, 1, 24, 8_766, 17_532, 63_230, 63_231, 63_300],
  ),
]

/** Where rounding towards minus infinity, the bound of the good range and the end matter. */
const exponentials = () =>
  [
    0n,
    1n,
    (1n << 64n) + 1n,
    (1n << 127n) - 1n,
    1n << 128n,
    (1_725n << 128n) / 1_000n,
    (1n << 129n) + 12_345_678_901_234_567_890n,
    (314_159_265_358_979n << 128n) / 10n ** 14n,
    9n << 127n,
    EXP_NEG_MAX - 1n,
    EXP_NEG_MAX,
  ].map((x) => ({ x, value: expNeg(x) }))

function mintings() {
  const powers = [0n, 1n << 60n, 1n << 61n, 3n << 60n, 1n << 62n, 5n << 60n, 1n << 64n, 0n]
  let state = openMinting(FILECOIN_MINTING)
  const steps = powers.map((power) => {
    const step = advanceMinting(FILECOIN_MINTING, state, power)
    state = step.state
    return { power, reward: step.reward, ...state }
  })
  const thetas = [1n << 128n, 5_000n << 128n, (1_000_000n << 128n) + 77_777_777_777n]
  return {
    parameters: FILECOIN_MINTING,
    steps,
    rewards: thetas.map((theta0, index) => {
      const theta1 = theta0 + (1n << 128n)
      const epoch = index * 100_000
      return { epoch, theta0, theta1, reward: mintingReward(FILECOIN_MINTING, epoch, theta0, theta1) }
    }),
  }
}

const overflows = () =>
  [
    [13_870n, 10_920n, 20_000n],
    [13_870n, 27_300n, 20_000n],
    [70_000n, 1n, 10_000n],
    [20_000n, 0n, 20_000n],
  ].map(([earnings = 0n, cap = 0n, available = 0n]) => ({
    earnings,
    cap,
    available,
    overflow: overflow(earnings, cap, available),
  }))

function smoothedBurns() {
  const burns = [9_100n * token, 0n, 1n, 13n, 91_000n * token, 6n]
  let target = 0n
  return burns.map((burned) => {
    const previous = target
    target = smoothBurn(previous, burned)
    return { previous, burned, target }
  })
}

function reviews() {
  const unit = 100n * token
  const start = { perEpoch: 47_435n * token, direction: 0, capBps: 1_000n } as const
  const cases = [
    { policy: start, anchor: 3_451n * token },
    { policy: { perEpoch: 43_100n * token, direction: -1, capBps: 1_000n }, anchor: 1_199n * token },
    { policy: { perEpoch: 35_900n * token, direction: -1, capBps: 2_000n }, anchor: 6_408n * token },
    { policy: { perEpoch: 27_600n * token, direction: -1, capBps: 3_000n }, anchor: 19_492n * token },
    { policy: { perEpoch: 10_000n * token, direction: 1, capBps: 1_000n }, anchor: 11_800n * token },
    { policy: { perEpoch: 10_000n * token, direction: 1, capBps: 1_000n }, anchor: 10_999n * token },
  ] as const
  return cases.map(({ policy, anchor }) => {
    const { policy: next, stepBps, reason } = reviewPolicy(policy, anchor, unit)
    return { policy, anchor, unit, next, stepBps, reason }
  })
}

function anchors() {
  const burns = [14_998n, 2_630n, 3_962n].map((amount) => amount * token)
  const before = [1_748n, 2_858n, 2_732n].map((amount) => amount * token)
  return [
    { burns, before: [] as bigint[], multiplier: token },
    { burns, before, multiplier: (1_576n * token) / 1_000n },
  ].map((input) => ({ ...input, ...deriveAnchor(input.burns, input.before, input.multiplier) }))
}

function credits() {
  const prices = [
    { value: 114_000_000n, decimals: 8 },
    { value: 1n, decimals: 18 },
    { value: 79_228_162_514_264_337_593_543_950_335n, decimals: 0 },
  ]
  const amounts = [0n, 1n, 999_999_999_999n, token, 79_228_162_514_264_337_593_543_950_335n]
  return prices.flatMap((price) =>
    amounts.map((amount) => ({
      price,
      amount,
      creditsForBurn: creditsForBurn(amount, price),
      burnForCredits: burnForCredits(amount, price),
      tokensForCredits: tokensForCredits(amount, price),
    })),
  )
}

const payments = () =>
  (
    [
      [1_000n, 2_500n],
      [999n, 3_333n],
      [1n, 9_999n],
      [7n, 0n],
      [7n, 10_000n],
    ] as const
  ).map(([tokens, sellerBps]) => {
    const split = splitPayment(tokens, sellerBps)
    return { tokens, sellerBps, ...split, usageRewardLimit: usageRewardLimit(split.burned, sellerBps) }
  })

function prices() {
  const limits: PriceLimits = {
    decimals: 8,
    maxAgeSeconds: 600,
    maxDeviationBps: 5_000n,
    forgetSeconds: 86_400,
    maxConfidenceBps: 200n,
  }
  const now = 1_600
  const good: PriceReading = { answer: 100_000_000n, decimals: 8, updatedAt: 1_000, confidence: 0n }
  const accepted = { answer: 10_000_000n, updatedAt: 900 }
  const readings = [
    { reading: good },
    { reading: { ...good, confidence: 2_000_000n } },
    { reading: { ...good, confidence: 2_000_001n } },
    { reading: { ...good, answer: 0n } },
    { reading: { ...good, answer: -1n } },
    { reading: { ...good, answer: 1n << 96n } },
    { reading: { ...good, decimals: 18 } },
    { reading: { ...good, updatedAt: 999 } },
    { reading: { ...good, updatedAt: 1_601 } },
    { reading: good, accepted },
    { reading: good, accepted: { ...accepted, answer: 200_000_000n } },
  ]
  return {
    limits,
    now,
    readings: readings.map(({ reading, accepted: last }) => ({
      reading,
      accepted: last,
      verdict: verifyPrice(limits, reading, now, last),
    })),
  }
}

function remints() {
  const limits = { spreadBps: 25n, haltBps: 9_000n, restartBps: 9_300n }
  const price = (cents: bigint) => ({ value: cents * 1_000_000n, decimals: 8 })
  const mint = mintExactCredits(limits, emptyRemintVault, 1_000_000_000n, price(114n))
  if (mint === undefined) throw new Error('An empty vault mints; correct mintExactCredits.')
  return {
    limits,
    mint: { credits: 1_000_000_000n, price: price(114n), ...mint },
    settlements: [150n, 114n, 90n, 1n].map((cents) => ({
      price: price(cents),
      ratioBps: collateralRatioBps(mint.vault, price(cents)),
      ...settleCredits(limits, mint.vault, 400_000_001n, price(cents)),
    })),
  }
}

/** Spec 7: what contracts and this package compute alike. */
export async function generate(): Promise<GeneratedFile[]> {
  const vectors = {
    fixedHalving: halvings(),
    exponentialDecay: decays(),
    expNeg: exponentials(),
    simpleMinting: simpleMintings(),
    baselineMinting: mintings(),
    smoothBurn: smoothedBurns(),
    band: bands(),
    bandRuns: bandRuns(),
    overflow: overflows(),
    breaker: breakers(),
    programs: programs(),
    anchors: anchors(),
    reviews: reviews(),
    credits: credits(),
    payments: payments(),
    prices: prices(),
    remint: remints(),
  }
  return [vectorFile('economics', plain(vectors) as object)]
}
