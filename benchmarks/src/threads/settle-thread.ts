import { serveTasks } from '@cairn/recompute'
import { benchMeans } from '../workloads/epoch-workload.ts'

/** Thread of the row `epoch-close`. */
serveTasks(benchMeans())
