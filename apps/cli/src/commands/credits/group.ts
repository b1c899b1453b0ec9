import type { Command } from 'commander'
import { group } from '../group.ts'

export const creditsGroup = (program: Command): Command =>
  group(program, 'credits', "dollars of service, bought with a network's token")
