import type { Command } from 'commander'
import { group } from '../group.ts'

export const stakeGroup = (program: Command): Command =>
  group(program, 'stake', 'bonds of ingests and verifiers')
