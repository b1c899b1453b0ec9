import { writeFile } from 'node:fs/promises'
import type { RangeStatement } from '@cairn/economics'
import { createStatementBook, type StatementDocument, signStatement, statementText } from '@cairn/recompute'
import { openAccount, withAccount } from '../account.ts'
import type { Register } from '../command.ts'
import { openNetwork, openRecomputer } from '../open-network.ts'
import { dollars, tokens } from '../output/amounts.ts'
import { epochsText } from '../output/epochs.ts'
import { table } from '../output/table.ts'

interface StatementOptions {
  readonly sign?: string
  readonly account?: string
}

export const statement: Register = (program, act) => {
  withAccount(
    program
      .command('statement')
      .description("dollars of demand burned against dollars of reward emitted, for each final root's epochs")
      .option('--sign <file>', 'write it as JSON with a signature of the account (EIP-191) over its text')
      .addHelpText(
        'after',
        '\nRevenue cover 1 means that customers burn as many dollars as the network emits. Concentration is the Herfindahl index: 1 is a single payer or owner.',
      ),
  ).action(
    act(async (cli, { sign, account: name }: StatementOptions) => {
      const open = await openNetwork(cli)
      const { stateOf } = openRecomputer(open, cli, { cached: true })
      const book = createStatementBook({ reader: open, history: open.followed.history, stateOf })
      await book.sync()
      const rows = book.rows ?? []
      const { network, deployment } = open.file
      const document: StatementDocument = {
        format: 'cairn-statement',
        version: 1,
        network,
        chainId: deployment.chainId,
        rows,
      }
      if (sign !== undefined) {
        const account = await openAccount(cli, name)
        const signed = await signStatement(account, document)
        await writeFile(sign, `${JSON.stringify(signed, null, 2)}\n`)
        cli.output.note(`signed by ${account.address} in ${sign}`)
      }
      cli.output.result(
        JSON.parse(statementText(document)),
        rows.length === 0 ? 'No root is final yet.' : asTable(rows),
      )
    }),
  )
}

function asTable(rows: readonly RangeStatement[]): string {
  const ratio = (bps: bigint | undefined) => (bps === undefined ? '–' : (Number(bps) / 10_000).toFixed(2))
  return table(
    ['epochs', 'emitted', 'burned', 'net issuance', 'spent', 'revenue cover', '$/M work', 'payers', 'owners'],
    rows.map((row) => [
      epochsText(row.first, row.last),
      tokens(row.emitted),
      tokens(row.burned),
      tokens(row.netIssuance),
      dollars(row.spentCredits),
      ratio(row.revenueCoverBps),
      row.creditsPerMillionWork === undefined ? '–' : dollars(row.creditsPerMillionWork),
      ratio(row.payerConcentrationBps),
      ratio(row.ownerConcentrationBps),
    ]),
  )
}
