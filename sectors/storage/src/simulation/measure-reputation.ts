import { type Hex, parseNetworkId, toHex } from '@cairn/protocol'
import { deriveReputation } from '../reputation/derive-reputation.ts'
import { defaultReputationParameters, ONE } from '../reputation/parameters.ts'
import { periodSubject, type ReputationRecord } from '../reputation/record.ts'
import { seededBytes, seededFraction } from './seeded-set.ts'

/** What a kind of operator's placements become, in days from when it turned. */
export interface Standing {
  readonly operator: string
  readonly honest: boolean
  readonly seeds: number
  /** Days until it has at most half, and none, of the placements: the mean of those seeds that came to it. */
  readonly daysToHalf: number | undefined
  readonly daysToNone: number | undefined
  /** Seeds whose operator had less than all at some time after vetting, and none at some time. */
  readonly everReduced: number
  readonly everNone: number
  readonly periodsMissedPercent: number
}

const DAY = 86_400
const START = 20_000 * DAY
const TURNS_AFTER = 25
const DAYS = 65
const PAYERS = 4
const WINDOW_HOURS = 4
/** Days between two looks at the score: a derivation goes through all records. */
const STEP = 8

type Behaviour = 'serves' | 'lies' | 'refuses' | 'deletes' | 'slow line' | 'power cuts'

const operators: readonly {
  readonly operator: string
  readonly honest: boolean
  readonly does: Behaviour
}[] = [
  { operator: 'honest', honest: true, does: 'serves' },
  { operator: 'honest, a power cut a month (model)', honest: true, does: 'power cuts' },
  { operator: 'honest, slow line (model)', honest: true, does: 'slow line' },
  { operator: 'lies on retrieval', honest: false, does: 'lies' },
  { operator: 'refuses egress', honest: false, does: 'refuses' },
  { operator: 'deletes after proving', honest: false, does: 'deletes' },
]

/** Real scores out of simulated records: four payers who read and audit twice a day each. */
export const measureStandings = (seeds: number, firstSeed: number): readonly Standing[] =>
  operators.map(({ operator, honest, does }) => {
    const runs = Array.from({ length: seeds }, (_, i) => runOne(does, `${does} ${firstSeed + i}`))
    const mean = (values: readonly (number | undefined)[]) => {
      const there = values.filter((value) => value !== undefined)
      return there.length === 0 ? undefined : there.reduce((sum, value) => sum + value, 0) / there.length
    }
    return {
      operator,
      honest,
      seeds,
      daysToHalf: mean(runs.map(({ half }) => half)),
      daysToNone: mean(runs.map(({ none }) => none)),
      everReduced: runs.filter(({ reduced }) => reduced).length,
      everNone: runs.filter(({ none }) => none !== undefined).length,
      periodsMissedPercent: mean(runs.map(({ missedPercent }) => missedPercent)) ?? 0,
    }
  })

const runOne = (does: Behaviour, name: string) => {
  const records = Array.from({ length: DAYS }, (_, day) => recordsOfDay(does, day, name)).flat()
  const scope = { network: parseNetworkId(`0x${'00'.repeat(28)}`), device: 0 }
  const placementAfter = (day: number) =>
    deriveReputation(
      records.filter(({ at }) => at <= START + day * DAY),
      { ...scope, until: START + day * DAY },
      defaultReputationParameters,
    ).placement
  const days = Array.from({ length: (DAYS - TURNS_AFTER) / STEP }, (_, i) => TURNS_AFTER + STEP * (i + 1))
  const placements = days.map((day) => ({ since: day - TURNS_AFTER, placement: placementAfter(day) }))
  const periods = records.filter(({ kind }) => kind === 'period')
  const missed = periods.filter(({ outcome }) => outcome === 'missed').length
  return {
    half: placements.find(({ placement }) => placement <= ONE / 2n)?.since,
    none: placements.find(({ placement }) => placement === 0n)?.since,
    reduced: placements.some(({ placement }) => placement < ONE),
    missedPercent: (100 * missed) / periods.length,
  }
}

/** Hours of the day without power: one day in thirty, for one to twelve hours from any hour on. */
const darkHours = (does: Behaviour, day: number, name: string): readonly [from: number, to: number] => {
  if (does !== 'power cuts' || seededFraction(`${name} cut ${day}`) > 1 / 30) return [0, 0]
  const from = 24 * seededFraction(`${name} from ${day}`)
  return [from, from + 1 + 11 * seededFraction(`${name} for ${day}`)]
}

const recordsOfDay = (does: Behaviour, day: number, name: string): readonly ReputationRecord[] => {
  const hasTurned = day >= TURNS_AFTER
  const [darkFrom, darkTo] = darkHours(does, day, name)
  const isDark = (hour: number) => hour >= darkFrom && hour < darkTo
  // It proves at any time of its window: only a cut of all of it is a missed period.
  const misses = (does === 'deletes' && hasTurned) || (darkFrom <= 24 - WINDOW_HOURS && darkTo >= 24)
  return Array.from({ length: PAYERS }, (_, i): readonly ReputationRecord[] => {
    const payer: Hex = toHex(new Uint8Array(20).fill(i + 1))
    const proof: ReputationRecord = {
      kind: 'period',
      outcome: misses ? 'missed' : 'proven',
      payer,
      at: START + (day + 1) * DAY,
      subject: periodSubject(BigInt(i), day),
      amount: 1n << 25n,
    }
    const answers = [0, 1].flatMap((time): readonly ReputationRecord[] => {
      const about = `${name} ${day} ${i} ${time}`
      const hour = 24 * seededFraction(`${about} hour`)
      const base = {
        payer,
        at: START + day * DAY + Math.floor(hour * 3_600),
        subject: toHex(seededBytes(about)),
      }
      const outcome = isDark(hour) ? 'unanswered' : readOutcome(does, hasTurned, about)
      const read: ReputationRecord = { ...base, kind: 'retrieval', outcome, amount: 520_192n }
      const isGone = does === 'deletes' && hasTurned
      const audit = isDark(hour) || isGone ? 'unanswered' : 'right'
      return [read, { ...base, kind: 'audit', outcome: audit, amount: BigInt(i) }]
    })
    return [proof, ...answers]
  }).flat()
}

const readOutcome = (does: Behaviour, hasTurned: boolean, about: string) => {
  if (does === 'slow line') return seededFraction(`${about} slow`) < 0.1 ? 'slow' : 'served'
  if (!hasTurned) return 'served'
  if (does === 'lies') return 'wrong'
  return does === 'refuses' || does === 'deletes' ? 'refused' : 'served'
}
