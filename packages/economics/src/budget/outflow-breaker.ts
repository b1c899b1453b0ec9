import { least, saturatingSub } from '../arithmetic/mul-div.ts'
import { inconsistent, requireRange, requireWhole } from '../economics-error.ts'

/** Bounds what may flow out in any `windowEpochs` consecutive epochs. */
export interface BreakerLimits {
  /** 1 to 64. A contract keeps one word per epoch of the window. */
  readonly windowEpochs: number
  /** The most within a window, in the token's smallest unit. */
  readonly limit: bigint
}

/** What flowed out in recent epochs: a ring, where epoch e has place e mod windowEpochs, and its sum. */
export interface Breaker {
  /** The last epoch that was asked about. */
  readonly epoch: number
  readonly outflows: readonly bigint[]
  readonly sum: bigint
}

/** Whether all may flow, or how much has to wait. */
export interface Outflow {
  readonly breaker: Breaker
  readonly paid: bigint
  /** What has to wait for a later epoch. */
  readonly deferred: bigint
}

/** A window in which nothing flowed. */
export function openBreaker({ windowEpochs }: BreakerLimits, epoch = 0): Breaker {
  requireWhole('windowEpochs', windowEpochs, 1, 64)
  return { epoch, outflows: Array.from({ length: windowEpochs }, () => 0n), sum: 0n }
}

/**
 * Lets as much of `amount` flow in `epoch` as the window has room for. A limit that was lowered below what already flowed lets nothing flow.
 *
 * @throws EconomicsError for an epoch before the last one asked about
 */
export function letFlow(limits: BreakerLimits, breaker: Breaker, epoch: number, amount: bigint): Outflow {
  requireRange('limit', limits.limit, 0n, (1n << 128n) - 1n)
  const moved = moveTo(breaker, epoch)
  const paid = least(amount, saturatingSub(limits.limit, moved.sum))
  const place = epoch % moved.outflows.length
  return {
    breaker: {
      epoch,
      outflows: moved.outflows.with(place, moved.outflows[place]! + paid),
      sum: moved.sum + paid,
    },
    paid,
    deferred: amount - paid,
  }
}

function moveTo(breaker: Breaker, epoch: number): Breaker {
  if (epoch < breaker.epoch) {
    throw inconsistent(
      'epoch',
      `The breaker was asked about epoch ${epoch} after epoch ${breaker.epoch}.`,
      'Ask in order of epochs.',
    )
  }
  const outflows = [...breaker.outflows]
  let sum = breaker.sum
  const steps = Math.min(epoch - breaker.epoch, outflows.length)
  for (let step = 0; step < steps; step++) {
    const place = (epoch - step) % outflows.length
    sum -= outflows[place]!
    outflows[place] = 0n
  }
  return { epoch, outflows, sum }
}
