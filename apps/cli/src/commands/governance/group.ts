import type { Command } from 'commander'
import { group } from '../group.ts'

export const governanceGroup = (program: Command): Command =>
  group(program, 'governance', 'vote with locked tokens on what the owner of a network does')
