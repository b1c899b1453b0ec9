import { readDeviceOwner, readFaultsOf } from '@cairn/chain'
import type { Hex } from '@cairn/protocol'
import type { Register } from '../../command.ts'
import { parseIndex, requireDevice } from '../../devices.ts'
import { openNetwork } from '../../open-network.ts'
import { table } from '../../output/table.ts'
import { readEvents } from '../../read-events.ts'
import { Negative } from '../../run-cli.ts'
import { deriveRecordSigners, deriveSetHistories, historyEvents } from '../../storage/set-histories.ts'
import { storageGroup } from './group.ts'
import { readRecords } from './read-records.ts'
import type { Reputation } from './storage-tools.ts'

const NEWEST = 20

export const storageReputation: Register = (program, act) => {
  storageGroup(program)
    .command('reputation')
    .description("recompute an operator's reputation from the chain's events, and say what made it")
    .argument('<device>', 'device index', parseIndex)
    .option('--records <file>', 'audits and reads that gateways signed, as JSON')
    .addHelpText(
      'after',
      `
Everybody who has the same records comes to the same score and the same head: where two heads differ, so do the records.
Ends with exit code 3 when the periods missed by the events are not those that the contract counts.`,
    )
    .action(
      act(async (cli, device: number, { records: path }: { readonly records?: string }) => {
        const { reputation: tools } = await cli.tools.storage()
        const open = await openNetwork(cli)
        requireDevice(open, device)
        const { network } = open.file
        const owner = (await readDeviceOwner(open, { network, index: device })).toLowerCase() as Hex
        const { possessionProofs, storageRails } = open.deployment.addresses
        const events = await readEvents(open, {
          addresses: [possessionProofs, storageRails],
          ...historyEvents,
        })
        const histories = deriveSetHistories(
          events,
          { network, device, owner },
          open.followed.history.timeline,
        )
        const periods = histories.map((history) => tools.derivePeriods(history, open.now))
        const signers = deriveRecordSigners(events, { network, device })
        const signed = path === undefined ? [] : await readRecords(path, { network, device }, signers, tools)
        const reputation = tools.deriveReputation(
          [...periods.flat(), ...signed],
          { network, device, owner, until: open.now },
          tools.defaultReputationParameters,
        )
        const sets = await Promise.all(
          histories.map(async ({ set }, i) => ({
            set,
            proven: periods[i]!.filter(({ outcome }) => outcome === 'proven').length,
            missed: periods[i]!.filter(({ outcome }) => outcome === 'missed').length,
            faultsOnChain: await readFaultsOf(open, { set }),
          })),
        )
        cli.output.result({ device, owner, until: open.now, sets, ...reputation }, describe(sets, reputation))
        if (sets.some(({ missed, faultsOnChain }) => missed !== faultsOnChain)) throw new Negative()
      }),
    )
}

const percent = (millionths: bigint): string => `${(Number(millionths) / 1e4).toFixed(2)} %`

const describe = (
  sets: readonly Readonly<Record<'set' | 'proven' | 'missed' | 'faultsOnChain', bigint | number>>[],
  { scores, placement, vetting, contained, changes, head, later }: Reputation,
): string => {
  const told = changes
    .slice(-NEWEST)
    .map(({ record, effect, scores, hash }) => [
      new Date(record.at * 1_000).toISOString().slice(0, 19),
      `${record.kind} ${record.outcome}`,
      record.payer,
      effect.replaceAll('_', ' '),
      scores
        .map(({ dimension, before, after }) => `${dimension} ${percent(before)} → ${percent(after)}`)
        .join(', '),
      hash.slice(0, 10),
    ])
  return [
    `placement ${percent(placement)} of what it could have; vetting leaves ${percent(vetting.share)} after ${vetting.proofs} days with proofs in ${vetting.days} days`,
    table(
      ['score', 'of'],
      Object.entries(scores).map(([name, score]) => [percent(score), name]),
    ),
    table(
      ['set', 'proven', 'missed', 'missed on chain'],
      sets.map(({ set, proven, missed, faultsOnChain }) => [set, proven, missed, faultsOnChain]),
    ),
    ...contained.map(
      ({ payer, slab, tries }) => `asked again: ${slab} by ${payer}, ${tries} times without an answer`,
    ),
    `${changes.length} records${later > 0 ? `, ${later} of later times left out` : ''}; the newest ${told.length}:`,
    table(['when', 'what', 'payer', 'effect', 'scores', 'record'], told),
    `head ${head}`,
  ].join('\n\n')
}
