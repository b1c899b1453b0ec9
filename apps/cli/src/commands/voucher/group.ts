import type { Command } from 'commander'
import { group } from '../group.ts'

export const voucherGroup = (program: Command): Command =>
  group(program, 'voucher', 'what a payer acknowledges and a seller redeems')
