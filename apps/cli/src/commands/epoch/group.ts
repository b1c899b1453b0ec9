import type { Command } from 'commander'
import { group } from '../group.ts'

export const epochGroup = (program: Command): Command => group(program, 'epoch', 'look at epochs')
