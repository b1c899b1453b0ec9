import { REASON_TEXT, type Sector } from '@cairn/protocol'
import { formatUnits } from 'viem'
import type { ReplayResult } from './replay.ts'

/** The result as people read it. */
export function formatResult(result: ReplayResult, sectors: ReadonlyMap<string, Sector>): string {
  const { receptions, uplinks, sent, driver, claims, audits, seconds, problems } = result
  const texts = { ...REASON_TEXT, ...sectors.get('wireless')?.reasons }
  const paid = Number(((receptions.accepted * 1000) / Math.max(1, receptions.inFiles)).toFixed(0)) / 10
  const rows: [string, string | number | bigint, string][] = [
    [
      'uplinks in the files',
      uplinks.inFiles,
      `${result.frames} frames that differ, ${result.gateways} gateways`,
    ],
    ['receptions in the files', receptions.inFiles, ''],
    ['sent by UDP', sent.receptions, `in ${sent.datagrams} datagrams, ${sent.resent} packets sent again`],
    ['acknowledged by UDP', sent.acked, 'PUSH_ACK'],
    ['kept by the driver', driver.observations!, `${driver.repeated} repeats filtered`],
    ['in sealed evidence', result.evidence, 'counted in published segments'],
    ['', '', ''],
    ['accepted', receptions.accepted, `${paid} %`],
    ...Object.entries(receptions.rejected).map(([reason, count]): [string, number, string] => [
      `rejected ${reason}`,
      count,
      texts[Number(reason)] ?? '',
    ]),
    [
      'repeated',
      receptions.repeated,
      'listed twice in the recording, with the same counter: the driver keeps one',
    ],
    ['never acknowledged', receptions.neverAcknowledged, ''],
    ['lost', receptions.lost, 'acknowledged and in no sealed report'],
    ['', '', ''],
    ['uplinks paid', uplinks.paid, ''],
    ['uplinks of repeats alone', uplinks.repeats, ''],
    ['work by the roots', result.totalWork, 'units of 24 bytes of PHYPayload'],
    ['work by the files', result.expectedWork, 'the same sum, from the recorded sizes'],
  ]
  return [
    ...rows.map(([what, value, note]) => `${what.padEnd(26)}${`${value}`.padStart(8)}  ${note}`.trimEnd()),
    '',
    'root by cast                                                        epochs  reports     work  state',
    ...result.roots.rows.map(
      ({ rootId, first, last, reports, onChain }) =>
        `${rootId}  ${`${first}–${last}`.padEnd(6)}  ${`${reports}`.padStart(7)}  ${`${onChain.work}`.padStart(7)}  ${onChain.state}`,
    ),
    '',
    `claimed ${formatUnits(claims.paid, 18)} for ${claims.devices} gateways in ${claims.transactions} transactions; balance of their owner ${formatUnits(claims.before, 18)} → ${formatUnits(claims.after, 18)}`,
    ...audits.map(
      ({ runtime, segments, exitCode, same, roots }) =>
        `audit under ${runtime}, ${segments}: ${same ? 'all' : 'not all'} roots recompute (${roots.length}), exit code ${exitCode}`,
    ),
    `played in ${seconds.played.toFixed(0)} s, ${seconds.all.toFixed(0)} s in all`,
    '',
    problems.length === 0
      ? 'Everything adds up.'
      : problems.map((problem) => `PROBLEM ${problem}`).join('\n'),
  ].join('\n')
}
