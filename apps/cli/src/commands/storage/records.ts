import { toHex } from '@cairn/protocol'
import type { Register } from '../../command.ts'
import { parseIndex } from '../../devices.ts'
import { table } from '../../output/table.ts'
import { gatewayDataFolder } from './gateway-folder.ts'
import { storageGroup } from './group.ts'
import { parseSignedRecord } from './read-records.ts'

const NEWEST = 20

export const storageRecords: Register = (program, act) => {
  storageGroup(program)
    .command('records')
    .description('what the gateway on this machine put on record of an operator, each signed by it')
    .argument('<device>', 'device index', parseIndex)
    .option('--data <folder>', "the gateway's data folder")
    .addHelpText(
      'after',
      `
The gateway places rows by these and by the chain's events. Give them to anybody, the operator first, who then comes to the same score:

  cairn storage records 3 --json > records.json
  cairn storage reputation 3 --records records.json`,
    )
    .action(
      act(async (cli, device: number, { data }: { readonly data?: string }) => {
        const { readGatewayRecords, reputation } = await cli.tools.storage()
        const signed = await readGatewayRecords(data ?? gatewayDataFolder(cli), device)
        const told = signed.slice(-NEWEST).map((bytes) => {
          const { kind, outcome, at, subject, amount } = parseSignedRecord(bytes, reputation).record
          return [
            new Date(at * 1_000).toISOString().slice(0, 19),
            `${kind} ${outcome}`,
            subject.slice(0, 18),
            amount,
          ]
        })
        cli.output.result(
          { records: signed.map((bytes) => toHex(bytes)) },
          told.length === 0
            ? `nothing is on record of device ${device}`
            : [
                `${signed.length} records; the newest ${told.length}:`,
                table(['when', 'what', 'slab', 'row or bytes'], told),
              ].join('\n\n'),
        )
      }),
    )
}
