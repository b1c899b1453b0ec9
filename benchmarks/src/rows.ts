import type { Row } from './row.ts'
import { loraUplinks } from './rows/lora-uplinks.bench.ts'
import { rewardTrees } from './rows/reward-trees.bench.ts'
import { rewardTreesMemory } from './rows/reward-trees-memory.bench.ts'
import { signatureChecks } from './rows/signature-checks.bench.ts'

/** Every figure that is promised (DESIGN §9), in the order it is measured. A row whose part is not there is a miss. */
export const rows: readonly Row[] = [signatureChecks, rewardTrees, rewardTreesMemory, loraUplinks]
