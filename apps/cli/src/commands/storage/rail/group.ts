import type { Command } from 'commander'
import { group } from '../../group.ts'
import { storageGroup } from '../group.ts'

export const railGroup = (program: Command): Command =>
  group(storageGroup(program), 'rail', 'standing orders that pay devices for each period they prove')
