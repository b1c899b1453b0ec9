import type { Hex } from '@cairn/protocol'
import { addOutcome, type Beta, fadeDays, NOTHING_KNOWN } from './beta.ts'
import { type Dimension, leastOf, ONE, type ReputationParameters } from './parameters.ts'
import type { ReputationRecord } from './record.ts'

/** The dimensions in which payers are believed, as far as each may be. */
export type AnswerDimension = Exclude<Dimension, 'possession'>

/** What one payer has said in one dimension. */
interface Voice {
  beta: Beta
  /** Of the newest of its records, and how many of that day counted. */
  day: number
  counted: number
}

/** What is known of an operator while its records are gone through, in their order. */
export interface Ledger {
  /** Adds a period of the payer; its most leaves in one period are its voice in the other dimensions. */
  readonly addPeriod: (record: ReputationRecord) => void
  /** Adds an answer, or leaves it out where the payer has said enough that day: then it returns false. */
  readonly addAnswer: (
    dimension: AnswerDimension,
    record: ReputationRecord,
    isGood: boolean,
    share?: bigint,
  ) => boolean
  /** In millionths, at a time that is not before the last record. */
  readonly score: (dimension: Dimension, at: number) => bigint
}

export const SECONDS_A_DAY = 86_400
export const dayOf = (at: number): number => Math.floor(at / SECONDS_A_DAY)

export const openLedger = (parameters: ReputationParameters): Ledger => {
  const { keepPeriods, keepAnswers, keepADay, answerWeight, answersADay } = parameters
  const periods = new Map<Hex, Beta>()
  const leaves = new Map<Hex, bigint>()
  const voices: Readonly<Record<AnswerDimension, Map<Hex, Voice>>> = {
    integrity: new Map(),
    retrieval: new Map(),
    uptime: new Map(),
  }
  const shareOfVoice = (payer: Hex) => {
    const most = leaves.get(payer) ?? 0n
    return most >= parameters.fullVoiceLeaves ? ONE : (most * ONE) / parameters.fullVoiceLeaves
  }

  /** Each payer's periods are facts about its own data: the worst is the score, and what others have does not hide it. */
  const possession = () => {
    const shares = [...periods.values()].map(({ good, bad }) => {
      const of = parameters.priorPeriods + good
      return (of * ONE) / (of + bad)
    })
    return leastOf(shares)
  }
  /** What payers say is believed of each as far as it has a voice, after a good record to begin with. */
  const opinion = (dimension: AnswerDimension, at: number) => {
    let good = parameters.priorAnswers * ONE
    let bad = 0n
    for (const [payer, voice] of voices[dimension]) {
      const share = shareOfVoice(payer)
      const now = fadeDays(voice.beta, dayOf(at) - voice.day, keepADay)
      good += now.good * share
      bad += now.bad * share
    }
    return (good * ONE) / (good + bad)
  }

  return {
    addPeriod: ({ payer, outcome, amount }) => {
      const isGood = outcome === 'proven'
      const before = periods.get(payer) ?? NOTHING_KNOWN
      periods.set(payer, addOutcome(before, { isGood, weight: ONE, keep: keepPeriods }))
      if (amount > (leaves.get(payer) ?? 0n)) leaves.set(payer, amount)
    },
    addAnswer: (dimension, { payer, at }, isGood, share = ONE) => {
      const day = dayOf(at)
      const voice = voices[dimension].get(payer) ?? { beta: NOTHING_KNOWN, day, counted: 0 }
      const counted = voice.day === day ? voice.counted : 0
      if (counted >= answersADay) return false
      const beta = addOutcome(fadeDays(voice.beta, day - voice.day, keepADay), {
        isGood,
        weight: (answerWeight * share) / ONE,
        keep: keepAnswers,
      })
      voices[dimension].set(payer, { beta, day, counted: counted + 1 })
      return true
    },
    score: (dimension, at) => (dimension === 'possession' ? possession() : opinion(dimension, at)),
  }
}
