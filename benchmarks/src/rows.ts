import type { Row } from './row.ts'
import { awaited } from './rows/awaited.bench.ts'
import { claimGas } from './rows/claim-gas.bench.ts'
import { economy } from './rows/economy.bench.ts'
import { epochClose } from './rows/epoch-close.bench.ts'
import { epochCloseGrowth } from './rows/epoch-close-growth.bench.ts'
import { erasureCode } from './rows/erasure-code.bench.ts'
import { erasureEncodeNpm } from './rows/erasure-encode-npm.bench.ts'
import { ingestObservations, ingestReports } from './rows/ingest.bench.ts'
import { loraUplinks } from './rows/lora-uplinks.bench.ts'
import { onboardingGas } from './rows/onboarding-gas.bench.ts'
import { paymentsGas } from './rows/payments-gas.bench.ts'
import { pieceCommitment } from './rows/piece-commitment.bench.ts'
import { programSplitGas } from './rows/program-split-gas.bench.ts'
import { rewardTrees } from './rows/reward-trees.bench.ts'
import { rewardTreesMemory } from './rows/reward-trees-memory.bench.ts'
import { s3Objects } from './rows/s3-objects.bench.ts'
import { serviceMemory } from './rows/service-memory.bench.ts'
import { settlementGas } from './rows/settlement-gas.bench.ts'
import { signatureChecks } from './rows/signature-checks.bench.ts'
import { startTime } from './rows/start-time.bench.ts'

/** Every figure that is promised (DESIGN §9), in the order it is measured. A row whose part is not there is a miss. */
export const rows: readonly Row[] = [
  signatureChecks,
  ingestReports,
  ingestObservations,
  rewardTrees,
  rewardTreesMemory,
  epochClose,
  epochCloseGrowth,
  loraUplinks,
  ...claimGas,
  onboardingGas,
  ...settlementGas,
  programSplitGas,
  paymentsGas,
  ...economy,
  ...startTime,
  ...serviceMemory,
  ...erasureCode,
  erasureEncodeNpm,
  pieceCommitment,
  ...s3Objects,
  ...awaited,
]
