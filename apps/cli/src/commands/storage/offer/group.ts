import type { Command } from 'commander'
import { group } from '../../group.ts'
import { storageGroup } from '../group.ts'

export const offerGroup = (program: Command): Command =>
  group(storageGroup(program), 'offer', "what a device's owner offers to keep, and for how much")
