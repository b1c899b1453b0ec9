import type { Command } from 'commander'
import { group } from '../group.ts'

export const deviceGroup = (program: Command): Command =>
  group(program, 'device', 'onboard and look after devices')
