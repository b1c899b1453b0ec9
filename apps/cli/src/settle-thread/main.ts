import { serveTasks } from '@cairn/recompute'
import { createVerifyP256, sha256 } from '@cairn/runtime'
import { standardSectors } from '@cairn/sector-standard'

// What a worker thread runs while epochs are settled: the sectors of this release and Node's cryptography.
serveTasks({ sectors: standardSectors, sha256, verifyP256: createVerifyP256() })
