import type { Command } from 'commander'
import { group } from '../group.ts'

export const simulateGroup = (program: Command): Command =>
  group(program, 'simulate', 'try a network before it is launched')
