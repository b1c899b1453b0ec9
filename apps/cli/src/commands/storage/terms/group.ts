import type { Command } from 'commander'
import { group } from '../../group.ts'
import { storageGroup } from '../group.ts'

export const termsGroup = (program: Command): Command =>
  group(storageGroup(program), 'terms', "a network's terms for its rails")
