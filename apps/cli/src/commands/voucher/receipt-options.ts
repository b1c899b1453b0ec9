import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Cli } from '../../command.ts'
import { wholeNumber } from '../../parse-options.ts'

/** What both sides of a receipt are asked for: a payer's voucher and a seller's meter. */
export interface ReceiptOptions {
  readonly program: number
  readonly hours: number
  readonly out?: string
  readonly account?: string
}

/** @param signFor the option that names another for whom the account signs */
export function withReceipt(command: Command, signFor: (command: Command) => Command): Command {
  return signFor(
    command
      .option('--program <index>', 'which program it is for', wholeNumber(0, 3), 0)
      .option('--hours <count>', 'how long it can be redeemed', wholeNumber(1, 8_760), 24),
  ).option('--out <file>', 'write it there instead of printing it')
}

/** When a receipt that is signed now can be redeemed no more. Unix seconds. */
export const expiryOf = ({ hours }: ReceiptOptions): bigint =>
  BigInt(Math.floor(Date.now() / 1000) + 3_600 * hours)

/** Writes a signed receipt where it was asked for, or prints it. */
export async function giveReceipt(
  { output }: Pick<Cli, 'output'>,
  { out }: ReceiptOptions,
  { text, words }: { readonly text: string; readonly words: string },
): Promise<void> {
  if (out !== undefined) await writeFile(out, text)
  output.result(JSON.parse(text), out === undefined ? text.trim() : `${words}, all told, in ${out}.`)
}
