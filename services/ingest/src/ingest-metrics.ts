import { Counter, Gauge, Histogram, type Registry } from '@cairn/runtime'
import type { Answer } from './accept/acceptor.ts'

/** What is counted while reports are taken. */
export interface IngestMetrics {
  answered(answers: readonly Answer[]): void
  group(reports: number, bytes: number): void
}

/** Gauges are read when they are asked for. */
export interface IngestGauges {
  inFlightBytes(): number
  waitingJobs(): number
}

/** Registers the ingest's metrics. */
export function createIngestMetrics(registry: Registry, gauges: IngestGauges): IngestMetrics {
  const registers = [registry]
  const reports = new Counter({
    name: 'cairn_ingest_reports_total',
    help: 'Reports answered, by result: accepted or the code of the rejection.',
    labelNames: ['result'],
    registers,
  })
  const groupReports = new Histogram({
    name: 'cairn_ingest_group_reports',
    help: 'Reports that became durable together.',
    buckets: [1, 4, 16, 64, 256, 1_024],
    registers,
  })
  const logBytes = new Counter({
    name: 'cairn_ingest_log_bytes_total',
    help: 'Bytes written to evidence logs.',
    registers,
  })
  new Gauge({
    name: 'cairn_ingest_in_flight_bytes',
    help: 'Bytes received and not answered yet.',
    registers,
    collect() {
      this.set(gauges.inFlightBytes())
    },
  })
  new Gauge({
    name: 'cairn_ingest_waiting_jobs',
    help: 'Batches of reports that no checking thread has begun.',
    registers,
    collect() {
      this.set(gauges.waitingJobs())
    },
  })
  return {
    answered(answers) {
      const results = new Map<string, number>()
      for (const answer of answers) {
        const result = answer.status === 'accepted' ? 'accepted' : answer.code
        results.set(result, (results.get(result) ?? 0) + 1)
      }
      for (const [result, count] of results) reports.inc({ result }, count)
    },
    group(count, bytes) {
      groupReports.observe(count)
      logBytes.inc(bytes)
    },
  }
}
