import type { Command } from 'commander'
import { group } from '../../group.ts'
import { storageGroup } from '../group.ts'

export const repairGroup = (program: Command): Command =>
  group(storageGroup(program), 'repair', 'make again what a lost rail paid for, for its reward')
