import { type ExpectedRules, expectVerdicts } from './expect-verdicts.ts'
import type { Sent } from './forward.ts'
import { frameKey, type PlannedReception, type ReplayPlan } from './plan-replay.ts'
import type { JudgedObservation } from './read-verdicts.ts'

/** Where every reception of the files ended up. All fields but the first add up to the first. */
export interface ReceptionSums {
  readonly inFiles: number
  readonly accepted: number
  /** By reason code. */
  readonly rejected: Readonly<Record<number, number>>
  /** Receptions that the recording lists twice with the same counter and bytes: the driver keeps one. */
  readonly repeated: number
  readonly neverAcknowledged: number
  /** Acknowledged, and in no sealed report. */
  readonly lost: number
}

/** Accepted receptions of honest gateways, and what they are worth. */
export interface Reconciliation {
  readonly receptions: ReceptionSums
  /** Uplinks of the files by what happened to them. */
  readonly uplinks: {
    readonly inFiles: number
    /** At least one reception was paid. */
    readonly paid: number
    /** All receptions were repeats of frames paid before. */
    readonly repeats: number
    readonly neither: number
  }
  /** Σ ⌈PHYPayload bytes / unitBytes⌉ over accepted receptions, from the files. */
  readonly expectedWork: bigint
  /** What does not add up; empty when all is well. */
  readonly problems: readonly string[]
}

export interface ReconcileOptions {
  readonly plan: ReplayPlan
  readonly sent: Sent
  readonly observations: readonly JudgedObservation[]
  /** Device index by place in the plan's gateways. */
  readonly deviceOf: readonly number[]
  readonly rules: ExpectedRules & { readonly unitBytes: number }
}

/** Compares reception by reception what the files hold with what was sealed and judged. Pure. */
export function reconcile(options: ReconcileOptions): Reconciliation {
  const { plan, sent, observations, deviceOf, rules } = options
  const { unitBytes } = rules
  const problems: string[] = []
  const judged = createJudgedTable(plan, observations)
  const unacked = new Set(sent.unacked)
  const rejected: Record<number, number> = {}
  const sums = { accepted: 0, repeated: 0, neverAcknowledged: 0, lost: 0 }
  const uplinks = { inFiles: plan.uplinks.length, paid: 0, repeats: 0, neither: 0 }
  const taken = new Set<string>()
  let inFiles = 0
  let expectedWork = 0n
  for (const uplink of plan.uplinks) {
    let paid = 0
    let repeats = 0
    for (const reception of uplink.receptions) {
      inFiles++
      const key = receptionKey(deviceOf[reception.gateway]!, reception)
      const found = judged.take(key)
      if (found === undefined) {
        if (taken.has(key)) sums.repeated++
        else if (unacked.has(reception)) sums.neverAcknowledged++
        else sums.lost++
        if (taken.has(key)) repeats++
        continue
      }
      taken.add(key)
      checkRadio(reception, found, problems)
      if (found.reason === 0) {
        paid++
        sums.accepted++
        const units = Math.ceil(plan.frames[reception.frame]!.length / unitBytes)
        expectedWork += BigInt(units)
        if (found.work !== BigInt(units))
          problems.push(`a reception of ${units} units was given ${found.work} units of work`)
      } else {
        repeats++
        rejected[found.reason] = (rejected[found.reason] ?? 0) + 1
      }
    }
    if (paid > 0) uplinks.paid++
    else if (repeats > 0) uplinks.repeats++
    else uplinks.neither++
  }
  if (judged.left() > 0)
    problems.push(`${judged.left()} sealed observations are of no reception in the files`)
  if (sums.lost > 0) problems.push(`${sums.lost} acknowledged receptions are in no sealed report`)
  problems.push(...wrongVerdicts(observations, rules))
  const receptions: ReceptionSums = { inFiles, ...sums, rejected }
  return { receptions, uplinks, expectedWork, problems: [...new Set(problems)].slice(0, 20) }
}

const receptionKey = (device: number, { frame, rxpk }: PlannedReception): string =>
  `${device}/${frame}/${rxpk.tmst}`

function createJudgedTable(plan: ReplayPlan, observations: readonly JudgedObservation[]) {
  const frames = new Map(plan.frames.map((bytes, place) => [frameKey(bytes), place]))
  const table = new Map<string, JudgedObservation[]>()
  let left = observations.length
  for (const observation of observations) {
    const { device, packet } = observation
    const key = `${device}/${frames.get(frameKey(packet.phyPayload)) ?? 'unknown'}/${packet.tmst}`
    const known = table.get(key)
    if (known === undefined) table.set(key, [observation])
    else known.push(observation)
  }
  return {
    take(key: string): JudgedObservation | undefined {
      const found = table.get(key)?.shift()
      if (found !== undefined) left--
      return found
    },
    left: () => left,
  }
}

function checkRadio({ rxpk }: PlannedReception, { packet }: JudgedObservation, problems: string[]): void {
  if (packet.frequencyHz !== rxpk.frequencyHz) problems.push('an observation has another frequency')
  if (rxpk.dataRate.modulation === 'LORA' && packet.spreadingFactor !== rxpk.dataRate.spreadingFactor)
    problems.push('an observation has another spreading factor')
}

/** Frames whose verdicts are not those that the rules in words say. */
function wrongVerdicts(observations: readonly JudgedObservation[], rules: ExpectedRules): string[] {
  const problems: string[] = []
  for (const [, copies] of Map.groupBy(observations, ({ packet }) => frameKey(packet.phyPayload))) {
    // Implausible radio values are the reception's own; what is left competes.
    const plausible = copies.filter(({ reason }) => reason === 0 || [101, 103, 104].includes(reason))
    const expected = expectVerdicts(plausible, rules)
    const actual = new Map<number, number>()
    for (const { reason } of plausible) actual.set(reason, (actual.get(reason) ?? 0) + 1)
    const differs = [...new Set([...expected.keys(), ...actual.keys()])].filter(
      (reason) => (expected.get(reason) ?? 0) !== (actual.get(reason) ?? 0),
    )
    if (differs.length > 0)
      problems.push(
        `a frame heard ${plausible.length} times has verdicts ${text(actual)}; expected ${text(expected)}`,
      )
  }
  return problems
}

const text = (counts: ReadonlyMap<number, number>): string =>
  [...counts].map(([reason, count]) => `${count}×${reason}`).join(' ')
