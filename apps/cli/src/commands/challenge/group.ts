import type { Command } from 'commander'
import { group } from '../group.ts'

export const challengeGroup = (program: Command): Command =>
  group(program, 'challenge', 'what was proven false, and proving it')
