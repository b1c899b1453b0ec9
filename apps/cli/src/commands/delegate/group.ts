import type { Command } from 'commander'
import { group } from '../group.ts'

export const delegateGroup = (program: Command): Command =>
  group(program, 'delegate', "stake with a verifier's pool, for a part of its rewards")
