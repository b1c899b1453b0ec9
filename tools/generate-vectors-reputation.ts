import { keccak256, parseNetworkId, toHex } from '@cairn/protocol'
import {
  defaultReputationParameters,
  deriveReputation,
  periodSubject,
  type ReputationRecord,
  serializeRecord,
} from '@cairn/sector-storage'
import type { GeneratedFile } from './generated-files.ts'
import { vectorFile } from './vector-keys.ts'

const day = 86_400
const start = 20_500 * day
const hash = (what: string) => toHex(keccak256(new TextEncoder().encode(`cairn reputation ${what}`)))
const payers = ['first', 'second'].map((name) =>
  toHex(keccak256(new TextEncoder().encode(name)).slice(0, 20)),
)

/** Two payers, both proven; the second misses ten periods and is not served, an audit is contained and fails. */
const records = (): readonly ReputationRecord[] => [
  ...payers.flatMap((payer, i) =>
    Array.from(
      { length: 40 },
      (_, period): ReputationRecord => ({
        kind: 'period',
        outcome: i === 1 && period >= 30 ? 'missed' : 'proven',
        payer,
        at: start + (period + 1) * day,
        subject: periodSubject(BigInt(i), period),
        amount: BigInt(1 + i) << 24n,
      }),
    ),
  ),
  ...(['served', 'slow', 'refused', 'unanswered', 'wrong', 'served'] as const).map(
    (outcome, i): ReputationRecord => ({
      kind: 'retrieval',
      outcome,
      payer: payers[1]!,
      at: start + 31 * day + i * 3_600,
      subject: hash(`slab ${i}`),
      amount: 4_194_304n,
    }),
  ),
  ...(['right', 'unanswered', 'unanswered', 'unanswered'] as const).map(
    (outcome, i): ReputationRecord => ({
      kind: 'audit',
      outcome,
      payer: payers[0]!,
      at: start + 35 * day + i * 10_800,
      subject: hash('slab 9'),
      amount: 5n,
    }),
  ),
]

/** Spec 10, "Reputation": records in bytes, the head of their hashes, and what they come to. */
export async function generate(): Promise<GeneratedFile[]> {
  const network = parseNetworkId(`0x${'57'.repeat(28)}`)
  const scope = { network, device: 3, until: start + 45 * day }
  const { scores, placement, vetting, head, changes } = deriveReputation(
    records(),
    scope,
    defaultReputationParameters,
  )
  return [
    vectorFile('reputation', {
      ...scope,
      records: records().map((record) => toHex(serializeRecord(record))),
      order: changes.map(({ hash }) => hash),
      effects: changes.map(({ effect }) => effect),
      head,
      scores: Object.fromEntries(Object.entries(scores).map(([name, score]) => [name, String(score)])),
      vetting: { proofs: vetting.proofs, days: vetting.days, share: String(vetting.share) },
      placement: String(placement),
    }),
  ]
}
