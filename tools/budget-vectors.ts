import { type BreakerLimits, letFlow, openBreaker, splitBudget, weightsAt } from '@cairn/economics'

/** What breakers let flow (spec 7, Breaker): by hand, and windows of all sizes under flows that come in bursts. */
export function breakers() {
  const byHand = [
    [0, 70n],
    [0, 20n],
    [2, 70n],
    [3, 40n],
    [4, 100n],
    [9, 101n],
    [4_294_967_295, 1n],
  ] as const
  return [
    flowsOf({ windowEpochs: 3, limit: 100n }, byHand),
    ...[1, 2, 7, 63, 64].map((windowEpochs) =>
      flowsOf({ windowEpochs, limit: 10n ** 21n + BigInt(windowEpochs) }, bursts(windowEpochs)),
    ),
  ]
}

function flowsOf(limits: BreakerLimits, flows: readonly (readonly [epoch: number, amount: bigint])[]) {
  let breaker = openBreaker(limits)
  return {
    limits,
    flows: flows.map(([epoch, amount]) => {
      const flow = letFlow(limits, breaker, epoch, amount)
      breaker = flow.breaker
      return { epoch, amount, paid: flow.paid, deferred: flow.deferred, sum: breaker.sum }
    }),
  }
}

/** Twenty-four flows: some within an epoch, some a few epochs apart, two beyond a whole window. */
function bursts(windowEpochs: number): [number, bigint][] {
  let epoch = 5
  return Array.from({ length: 24 }, (_, i) => {
    epoch += i % 11 === 10 ? 2 * windowEpochs : (i * i) % 3
    return [epoch, BigInt((i * 7_919) % 1_000) * 10n ** 18n]
  })
}

/** Weights on lines between points, and what they make of a budget (spec 7, Programs). */
export function programs() {
  const cases = [
    {
      points: [
        { epoch: 100, weightsBps: [9_000, 900, 100] },
        { epoch: 203, weightsBps: [0, 3_333, 6_667] },
        { epoch: 300, weightsBps: [0, 10_000, 0] },
      ],
      epochs: [100, 101, 102, 150, 201, 202, 203, 204, 250, 298, 299, 300, 4_294_967_295],
    },
    {
      points: [
        { epoch: 0, weightsBps: [10_000, 0] },
        { epoch: 10_000, weightsBps: [0, 10_000] },
      ],
      epochs: [0, 156, 157, 313, 314, 9_890, 9_891, 9_999, 10_000],
    },
    {
      points: [
        { epoch: 7, weightsBps: [3_333, 3_333, 3_334, 0] },
        { epoch: 71, weightsBps: [1, 9_998, 1, 0] },
        { epoch: 136, weightsBps: [9_999, 0, 0, 1] },
        { epoch: 4_294_967_294, weightsBps: [2_500, 2_500, 2_500, 2_500] },
      ],
      epochs: [7, 8, 38, 70, 71, 72, 73, 135, 136, 67_108_999, 67_109_000, 4_294_967_293, 4_294_967_294],
    },
    { points: [{ epoch: 0, weightsBps: [10_000] }], epochs: [0, 4_294_967_295] },
  ]
  const budget = 1_000_000_007n
  return cases.map(({ points, epochs }) => ({
    points,
    budget,
    weights: epochs.map((epoch) => {
      const weightsBps = weightsAt(points, epoch)
      return { epoch, weightsBps, parts: splitBudget(budget, weightsBps) }
    }),
  }))
}
