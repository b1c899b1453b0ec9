import type { Command } from 'commander'
import { group } from '../group.ts'

export const storageGroup = (program: Command): Command => group(program, 'storage', 'keep objects')
