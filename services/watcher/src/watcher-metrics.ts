import type { SendResult } from '@cairn/recompute'
import { Counter, Gauge, type Registry } from '@cairn/runtime'

/** What a watcher counts. */
export interface WatcherMetrics {
  sent(name: string, result: SendResult): void
  state(now: {
    readonly block: number
    readonly receipts: number
    readonly true: number
    readonly false: number
    readonly dead: number
  }): void
}

/** Registers the watcher's metrics. */
export function createWatcherMetrics(registry: Registry): WatcherMetrics {
  const registers = [registry]
  const sent = new Counter({
    name: 'cairn_watcher_transactions_total',
    help: 'Transactions by call and result: mined, settled (not needed) or refused by a contract.',
    labelNames: ['call', 'result'],
    registers,
  })
  const roots = new Gauge({
    name: 'cairn_watcher_roots',
    help: 'Roots recomputed since the start, by result: true, false, or dead where they build on a false one.',
    labelNames: ['judgement'],
    registers,
  })
  const receipts = new Gauge({
    name: 'cairn_watcher_receipts',
    help: 'Receipts kept, that ingests are held to.',
    registers,
  })
  const block = new Gauge({ name: 'cairn_watcher_block', help: 'The newest block that was read.', registers })
  return {
    sent: (call, result) => sent.inc({ call, result }),
    state(now) {
      for (const judgement of ['true', 'false', 'dead'] as const) roots.set({ judgement }, now[judgement])
      receipts.set(now.receipts)
      block.set(now.block)
    },
  }
}
