import { bodyTree, evidenceTree, parseReport, toHex, type VerdictEntry } from '@cairn/protocol'
import { type Job, type JobEpoch, type JobSlot, reportBytes } from '../job.ts'
import type { Settled } from '../settle.ts'
import type { Backing } from './root-trees.ts'

/** The report that an entry of a device rests on, as kind 4 is answered; undefined when the root's evidence has none. */
export function findBacking(
  { job }: Pick<Settled, 'job'>,
  device: number,
  { slot: slotNumber, index, observation }: VerdictEntry,
): Backing | undefined {
  const slot = job.slots.find(({ slot, prior }) => slot === slotNumber && !prior)
  if (slot === undefined || index >= slot.endReport - slot.firstReport) return undefined
  const report = slot.firstReport + index
  if (job.invalid[report] !== 0 || job.bodyBroken[report] !== 0) return undefined
  if (job.device[report] !== device || observation >= job.observations[report]!) return undefined
  return backingOf(job, slot, report, device, observation)
}

function backingOf(job: Job, slot: JobSlot, report: number, device: number, observation: number): Backing {
  const { headerBytes, signature, observations } = parseReport(reportBytes(job, report))
  const hashes = job.records.slice(32 * slot.firstReport, 32 * slot.endReport)
  const { keys } = epochOf(job, report).snapshot
  const at = 64 * device
  return {
    header: headerBytes.slice(),
    key: { x: keys.slice(at, at + 32), y: keys.slice(at + 32, at + 64) },
    signature: signature.slice(),
    evidencePath: evidenceTree(hashes)
      .proof(report - slot.firstReport)
      .map(toHex),
    observation: observations[observation]!.slice(),
    bodyPath: bodyTree(observations).proof(observation).map(toHex),
  }
}

function epochOf(job: Job, report: number): JobEpoch {
  return job.epochs.find(({ firstReport, endReport }) => report >= firstReport && report < endReport)!
}
