/** Whether operators answer, and how fast, as this gateway saw it since it runs. */
export interface OperatorHealth {
  succeeded(device: number, action: RowAction, tookMs: number): void
  /** The operator refused, lied, broke off or ran out of time. */
  failed(device: number): void
  /** After failures a device is left alone for a while that doubles. */
  isDown(device: number): boolean
  /** What it usually takes, milliseconds; that of all where nothing is known of this one. */
  latencyMs(device: number, action: RowAction): number
  /** When to ask another besides, milliseconds after asking this one. */
  hedgeMs(device: number, action: RowAction): number
}

export type RowAction = 'put' | 'get'

const firstBackoffMs = 1_000
const mostBackoffMs = 60_000
const startMs = { put: 500, get: 100 }
/** A second is asked when the first takes three times as long as usual, within these. */
const hedge = { factor: 3, put: { least: 500, most: 10_000 }, get: { least: 25, most: 2_000 } }
/** Weight of the newest measurement. */
const newest = 0.2

export function createOperatorHealth(now: () => number): OperatorHealth {
  const latencies = new Map<string, number>()
  const failures = new Map<number, { readonly count: number; readonly untilMs: number }>()
  const observe = (key: string, tookMs: number, before: number | undefined) =>
    latencies.set(key, before === undefined ? tookMs : before + newest * (tookMs - before))
  const latencyMs = (device: number, action: RowAction) =>
    latencies.get(`${action} ${device}`) ?? latencies.get(action) ?? startMs[action]
  return {
    succeeded(device, action, tookMs) {
      failures.delete(device)
      for (const key of [`${action} ${device}`, action]) observe(key, tookMs, latencies.get(key))
    },
    failed(device) {
      const count = (failures.get(device)?.count ?? 0) + 1
      const backoffMs = Math.min(mostBackoffMs, firstBackoffMs * 2 ** Math.min(count - 1, 16))
      failures.set(device, { count, untilMs: now() + backoffMs })
    },
    isDown: (device) => (failures.get(device)?.untilMs ?? Number.NEGATIVE_INFINITY) > now(),
    latencyMs,
    hedgeMs(device, action) {
      const { least, most } = hedge[action]
      // What all take: an operator that is always slow is not waited for longer than the others.
      const usual = Math.min(latencyMs(device, action), latencies.get(action) ?? startMs[action])
      return Math.min(most, Math.max(least, hedge.factor * usual))
    },
  }
}
