import type { Command } from 'commander'
import { group } from '../group.ts'

export const bondGroup = (program: Command): Command =>
  group(program, 'bond', 'what devices have at stake, and what their faults cost')
