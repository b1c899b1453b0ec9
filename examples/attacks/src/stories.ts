import { colludingHidden } from './colluding-hidden.ts'
import { colludingPayout } from './colluding-payout.ts'
import { colludingUnbacked } from './colluding-unbacked.ts'
import { droppedReport } from './dropped-report.ts'
import { equivocatingIngest } from './equivocating-ingest.ts'
import { lyingVerifier } from './lying-verifier.ts'
import type { Story } from './story.ts'

/** Every attack. */
export const stories: readonly Story[] = [
  lyingVerifier,
  colludingPayout,
  colludingHidden,
  colludingUnbacked,
  droppedReport,
  equivocatingIngest,
]
