import type { SendResult } from '@cairn/recompute'
import { Counter, Gauge, type Registry } from '@cairn/runtime'

/** What a verifier counts. */
export interface VerifierMetrics {
  sent(name: string, result: SendResult): void
  missing(commitments: number): void
  block(number: number): void
}

/** Registers the verifier's metrics. */
export function createVerifierMetrics(registry: Registry): VerifierMetrics {
  const registers = [registry]
  const sent = new Counter({
    name: 'cairn_verifier_transactions_total',
    help: 'Transactions by call and result: mined, settled (not needed) or refused by a contract.',
    labelNames: ['call', 'result'],
    registers,
  })
  const missing = new Gauge({
    name: 'cairn_verifier_missing_commitments',
    help: 'Sealed commitments whose evidence nobody gave at the last attempt.',
    registers,
  })
  const block = new Gauge({
    name: 'cairn_verifier_block',
    help: 'The newest block that was read.',
    registers,
  })
  return {
    sent: (call, result) => sent.inc({ call, result }),
    missing: (commitments) => missing.set(commitments),
    block: (number) => block.set(number),
  }
}
