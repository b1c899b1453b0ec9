import type { Command } from 'commander'
import { group } from '../group.ts'

export const rewardsGroup = (program: Command): Command =>
  group(program, 'rewards', 'see, understand and claim rewards')
