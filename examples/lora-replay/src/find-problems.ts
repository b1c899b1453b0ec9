import type { RootRow } from './cast.ts'
import type { Claimed } from './claim-all.ts'
import type { Sent } from './forward.ts'
import type { AgentCounts, Compared } from './replay.ts'
import type { AuditOutcome } from './run-audits.ts'

export interface Findings extends Omit<Compared, 'roots'> {
  readonly sent: Pick<Sent, 'receptions' | 'acked' | 'resent'> & { readonly unacked: readonly unknown[] }
  readonly agent: AgentCounts
  readonly roots: { readonly rows: readonly RootRow[]; readonly newest: string }
  readonly claims: Claimed
  readonly audits: readonly AuditOutcome[]
  /** The last epoch that received something. */
  readonly lastEpoch: number
}

/** Everything that has to hold at the end and does not, a sentence each; empty when the story is true. */
export function findProblems(found: Findings): string[] {
  return [
    ...found.reconciliation.problems,
    ...sumProblems(found),
    ...found.roots.rows.flatMap((row) => rootProblems(row, found.lastEpoch)),
    ...claimProblems(found.claims),
    ...auditProblems(found.audits, found.roots.rows),
  ]
}

const unless = (holds: boolean, problem: string): string[] => (holds ? [] : [problem])

function sumProblems({ reconciliation, sent, agent, evidenceCount, totalWork }: Findings): string[] {
  const { receptions, expectedWork } = reconciliation
  const { accepted, repeated, neverAcknowledged, lost, inFiles } = receptions
  const rejected = Object.values(receptions.rejected).reduce((sum, count) => sum + count, 0)
  const { counts } = agent.driver
  // What was sent again because an acknowledgement was late may have arrived twice.
  const isRepeatedRight = counts.repeated! >= repeated && counts.repeated! <= repeated + sent.resent
  return [
    ...unless(
      accepted + rejected + repeated + neverAcknowledged + lost === inFiles,
      `${accepted} accepted, ${rejected} rejected, ${repeated} repeated, ${neverAcknowledged} never acknowledged and ${lost} lost are not the ${inFiles} receptions of the files`,
    ),
    ...unless(sent.receptions === inFiles, `${sent.receptions} receptions were sent, ${inFiles} recorded`),
    ...unless(
      sent.acked + sent.unacked.length === sent.receptions,
      `${sent.acked} acknowledged and ${sent.unacked.length} unacknowledged receptions are not the ${sent.receptions} sent`,
    ),
    ...unless(
      accepted + rejected === evidenceCount,
      `${evidenceCount} observations are in evidence, ${accepted + rejected} are receptions of the files`,
    ),
    ...unless(counts.observations === evidenceCount, `the driver kept ${counts.observations} observations`),
    ...unless(isRepeatedRight, `the driver counts ${counts.repeated} repeats, the files ${repeated}`),
    ...unless(totalWork > 0n, 'there is no work'),
    ...unless(totalWork === expectedWork, `total work is ${totalWork}, the files say ${expectedWork}`),
    ...Object.entries(agent.deadLetters).map(([code, count]) => `the agent gave up ${count}: ${code}`),
  ]
}

function rootProblems(
  { rootId, recomputedId, first, last, work, onChain }: RootRow,
  lastEpoch: number,
): string[] {
  return [
    ...unless(rootId === recomputedId, `root ${rootId} recomputes to ${recomputedId}`),
    ...unless(
      onChain.first === first && onChain.last === last && onChain.work === work,
      `the contract has epochs ${onChain.first} to ${onChain.last} and work ${onChain.work} for root ${rootId}`,
    ),
    ...unless(last > lastEpoch || onChain.state === 'final', `root ${rootId} is ${onChain.state}`),
  ]
}

function claimProblems({ before, after, paid }: Claimed): string[] {
  return [
    ...unless(paid > 0n, 'nothing was claimed'),
    ...unless(after - before === paid, `${paid} was claimed, and the balance changed by ${after - before}`),
  ]
}

function auditProblems(
  [fetched, kept, altered]: readonly AuditOutcome[],
  roots: Findings['roots']['rows'],
): string[] {
  const whole = [fetched, kept].flatMap((audit) => {
    const missing = roots.filter(({ rootId }) => audit?.roots.includes(rootId) !== true)
    return [
      ...unless(
        audit?.exitCode === 0 && audit.same,
        `the audit under ${audit?.runtime} ended with ${audit?.exitCode}`,
      ),
      ...missing.map(({ rootId }) => `the audit under ${audit?.runtime} does not reproduce root ${rootId}`),
    ]
  })
  return [
    ...whole,
    ...unless(altered?.exitCode === 3, `the audit of an altered byte ended with ${altered?.exitCode}`),
  ]
}
