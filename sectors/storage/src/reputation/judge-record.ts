import type { Hex } from '@cairn/protocol'
import type { AnswerDimension, Ledger } from './ledger.ts'
import { ONE, type ReputationParameters } from './parameters.ts'
import type { ReputationRecord } from './record.ts'

/**
 * What became of a record. `counted`; `enough_of_payer`: the payer had said enough that day; `own`: operators do not judge
 * themselves; `contained`: not answered, to be asked again before it counts against the operator's bytes; `cleared`: answered
 * after all; `failed_containment`: not answered too often.
 */
export type RecordEffect =
  | 'counted'
  | 'enough_of_payer'
  | 'own'
  | 'contained'
  | 'cleared'
  | 'failed_containment'

/** A row that an operator did not answer for, and which is asked for again. */
export interface Containment {
  readonly payer: Hex
  readonly slab: Hex
  readonly row: bigint
  /** Unix seconds of the first time, and how often since. */
  readonly since: number
  readonly tries: number
}

/** Goes through records in their order. */
export interface Judge {
  readonly judge: (record: ReputationRecord) => RecordEffect
  readonly contained: () => readonly Containment[]
}

/** @param owner of the device, in lower case: who says nothing about itself */
export const createJudge = (
  ledger: Ledger,
  parameters: ReputationParameters,
  owner: Hex | undefined,
): Judge => {
  const contained = new Map<string, Containment>()

  /** Counts in some dimensions; it is left out where none of them took it. */
  const count = (record: ReputationRecord, outcomes: readonly Outcome[]): RecordEffect => {
    const taken = outcomes.filter(([dimension, isGood, share]) =>
      ledger.addAnswer(dimension, record, isGood, share),
    )
    return taken.length > 0 ? 'counted' : 'enough_of_payer'
  }

  /** Containment before judgement: a row that is not shown may be behind a dead line. */
  const containOrFail = (record: ReputationRecord, key: string): RecordEffect => {
    const { payer, at, subject, amount } = record
    const before = contained.get(key) ?? { payer, slab: subject, row: amount, since: at, tries: 0 }
    const now = { ...before, tries: before.tries + 1 }
    const isOver = now.tries >= parameters.containmentTries && at - now.since >= parameters.containmentSeconds
    count(record, isOver ? [BAD_BYTES, NO_ANSWER] : [NO_ANSWER])
    if (isOver) contained.delete(key)
    else contained.set(key, now)
    return isOver ? 'failed_containment' : 'contained'
  }

  const audit = (record: ReputationRecord): RecordEffect => {
    const key = `${record.payer} ${record.subject} ${record.amount}`
    if (record.outcome === 'unanswered') return containOrFail(record, key)
    const wasContained = contained.delete(key)
    const effect = count(record, [record.outcome === 'right' ? GOOD_BYTES : BAD_BYTES, ANSWER])
    return wasContained && record.outcome === 'right' ? 'cleared' : effect
  }

  const retrieval = (record: ReputationRecord): RecordEffect => {
    switch (record.outcome) {
      case 'served':
        return count(record, [['retrieval', true], ANSWER])
      case 'slow':
        return count(record, [['retrieval', false, parameters.slowShare], ANSWER])
      case 'unanswered':
        return count(record, [NOT_SERVED, NO_ANSWER])
      case 'wrong':
        return count(record, [BAD_BYTES, NOT_SERVED, ANSWER])
      default:
        return count(record, [NOT_SERVED, ANSWER])
    }
  }

  return {
    judge: (record) => {
      if (record.kind === 'period') {
        ledger.addPeriod(record)
        return 'counted'
      }
      if (record.payer === owner) return 'own'
      return record.kind === 'audit' ? audit(record) : retrieval(record)
    },
    contained: () => [...contained.values()],
  }
}

type Outcome = readonly [dimension: AnswerDimension, isGood: boolean, share?: bigint]
const GOOD_BYTES: Outcome = ['integrity', true]
const BAD_BYTES: Outcome = ['integrity', false]
const NOT_SERVED: Outcome = ['retrieval', false, ONE]
const ANSWER: Outcome = ['uptime', true]
const NO_ANSWER: Outcome = ['uptime', false]
