import { availableParallelism } from 'node:os'
import { networksAbi, readBudgetOf, readDeviceOwner } from '@cairn/chain'
import { fromHex, type Hex, rulesetHash } from '@cairn/protocol'
import { type ProposedRules, type Replay, replayRoots } from '@cairn/recompute'
import { type Address, decodeFunctionData, isAddressEqual } from 'viem'
import type { Register } from '../../command.ts'
import { findProposal, GovernanceError, openGovernance, titleOf } from '../../governance/open-governance.ts'
import { readRulesetFile } from '../../governance/proposal-calls.ts'
import { chainFacts, proposedBudget } from '../../governance/proposed-budget.ts'
import { type ReplayLine, type ReplayReport, reportReplay } from '../../governance/replay-report.ts'
import { type OpenNetwork, openNetwork, openRecomputer } from '../../open-network.ts'
import { short, tokens } from '../../output/amounts.ts'
import { epochsText } from '../../output/epochs.ts'
import { table } from '../../output/table.ts'
import { epochRange, wholeNumber } from '../../parse-options.ts'
import { settleThreads } from '../../services/settle-threads.ts'
import { governanceGroup } from './group.ts'

interface ReplayOptions {
  readonly epochs: { readonly first: number; readonly last: number }
  readonly devices: boolean
  readonly source?: readonly string[]
  readonly threads: number
}

/** Where proposed rules come from, and what of them can be tried on the past. */
interface Proposed extends Pick<ProposedRules, 'ruleset' | 'quarantined'> {
  readonly proposal: number | null
  readonly title: string
}

export const governanceReplay: Register = (program, act) => {
  governanceGroup(program)
    .command('replay')
    .description('settle past epochs again under proposed rules: who would have gained, and who lost')
    .argument('<proposal>', 'the number or id of a proposal, or a ruleset file')
    .requiredOption('--epochs <first..last>', 'past epochs, like 10..20', epochRange)
    .option('--devices', 'a line for each device, not each owner', false)
    .option('--source <url...>', 'where to get segments, before what is announced on chain')
    .option(
      '--threads <count>',
      'threads to settle in',
      wholeNumber(1, 256),
      Math.min(4, availableParallelism()),
    )
    .addHelpText(
      'after',
      '\nRoots are settled whole, so the epochs grow to the bounds of the roots that cover them.',
    )
    .action(
      act(async (cli, wanted: string, options: ReplayOptions) => {
        const open = await openNetwork(cli)
        const proposed = await proposedOf(open, wanted)
        const roots = open.followed.history.roots.standing.filter(
          ({ root }) => root.last >= options.epochs.first && root.first <= options.epochs.last,
        )
        const executor = options.threads > 1 ? settleThreads(options.threads) : undefined
        try {
          const recomputer = openRecomputer(open, cli, {
            cached: true,
            sources: options.source ?? [],
            ...(executor === undefined ? {} : { executor }),
          })
          const { ruleset, quarantined } = proposed
          const replay = await replayRoots(
            recomputer,
            roots,
            {
              ...(quarantined === undefined ? {} : { quarantined }),
              ...(ruleset === undefined
                ? {}
                : { ruleset, budgetOf: budgetOf(open, ruleset, roots[0]?.root.first ?? 0) }),
            },
            (done) => cli.output.progress(`root ${done} of ${roots.length} settled twice`),
          )
          const report = reportReplay(replay, await readOwners(open, replay))
          cli.output.result(
            jsonOf(proposed, replay, report, options),
            textOf(proposed, replay, report, options),
          )
        } finally {
          await executor?.close()
        }
      }),
    )
}

/** Where the ruleset in force is the proposed one, the chain has said the budget; that is not worked out again. */
function budgetOf(
  open: OpenNetwork,
  { hash, document }: NonNullable<ProposedRules['ruleset']>,
  fromEpoch: number,
) {
  const { history } = open.followed
  const proposed = proposedBudget(chainFacts(open), document, fromEpoch)
  const { network } = open.file
  return async (first: number, last: number) =>
    history.rulesets.runs(first, last).every(({ ruleset }) => ruleset.hash === hash)
      ? readBudgetOf(open, { network, first, last })
      : proposed(first, last)
}

async function proposedOf(open: OpenNetwork, wanted: string): Promise<Proposed> {
  if (!/^[1-9]\d{0,77}$/.test(wanted)) {
    const document = await readRulesetFile(wanted)
    return { proposal: null, title: wanted, ruleset: { hash: rulesetHash(document), document } }
  }
  const proposal = await findProposal(open, await openGovernance(open), BigInt(wanted))
  let ruleset: Proposed['ruleset']
  const quarantined: Hex[] = []
  for (const { to, data } of proposal.actions) {
    if (!isAddressEqual(to, open.deployment.addresses.networks)) continue
    const call = decodeFunctionData({ abi: networksAbi, data })
    if (call.args[0] !== open.file.network) continue
    if (call.functionName === 'adoptRuleset') {
      const document = fromHex(call.args[1])
      ruleset = { hash: rulesetHash(document), document }
    }
    if (call.functionName === 'quarantine') quarantined.push(call.args[1])
  }
  if (ruleset === undefined && quarantined.length === 0) throw nothingToTry(proposal.place)
  return {
    proposal: proposal.place,
    title: titleOf(proposal),
    ...(ruleset === undefined ? {} : { ruleset }),
    quarantined,
  }
}

function nothingToTry(place: number): GovernanceError {
  return new GovernanceError({
    code: 'nothing_to_replay',
    field: 'proposal',
    value: String(place),
    message: `Proposal ${place} neither adopts a ruleset nor quarantines a report: it would have changed nothing that was paid in past epochs.`,
    fix: `\`cairn governance show ${place}\` says what it would do.`,
  })
}

async function readOwners(open: OpenNetwork, { devices }: Replay): Promise<(device: number) => Address> {
  const { network } = open.file
  const paid = devices.filter(({ before, after }) => before > 0n || after > 0n)
  const owners = new Map<number, Address>()
  await Promise.all(
    paid.map(async ({ device }) =>
      owners.set(device, await readDeviceOwner(open, { network, index: device })),
    ),
  )
  return (device) => owners.get(device)!
}

/** What the numbers are, in plain words. */
function simulated({ first, last }: Replay, { ruleset, quarantined = [] }: Proposed): readonly string[] {
  return [
    `The evidence, device keys and beacons of ${epochsText(first, last)} are the real ones; nobody is assumed to behave otherwise.`,
    ...(ruleset === undefined
      ? []
      : [
          `The proposed ruleset is taken to have come into force with epoch ${first}; evidence of earlier epochs that was put off keeps its own.`,
          'The emission is what it was, divided by the proposed weights and bounded by what was burned; what had rolled over before stays in its program’s place.',
        ]),
    ...(quarantined.length === 0
      ? []
      : [`${quarantined.length} reports are taken to be quarantined from epoch ${first} on.`]),
    'Owners are those of now.',
  ]
}

function jsonOf(proposed: Proposed, replay: Replay, report: ReplayReport, { epochs }: ReplayOptions) {
  const { proposal, title, ruleset, quarantined } = proposed
  return {
    proposal,
    title,
    ruleset: ruleset?.hash ?? null,
    quarantined: quarantined ?? [],
    asked: epochs,
    first: replay.first,
    last: replay.last,
    simulated: simulated(replay, proposed),
    roots: replay.roots,
    ...report,
    largestLoser: report.largestLoser ?? null,
  }
}

function textOf(
  proposed: Proposed,
  replay: Replay,
  report: ReplayReport,
  { devices }: ReplayOptions,
): string {
  const { total, gain, lose, same, largestLoser } = report
  const cells = (line: ReplayLine) => [
    tokens(line.before),
    tokens(line.after),
    signed(line.difference),
    percent(line.differenceBps),
  ]
  const rows = devices
    ? report.devices.map((line) => [String(line.device), short(line.owner), ...cells(line)])
    : report.owners.map((line) => [line.owner, String(line.devices), ...cells(line)])
  const headers = [
    ...(devices ? ['device', 'owner'] : ['owner', 'devices']),
    'earned',
    'would have',
    'difference',
    '',
  ]
  return [
    `${proposed.proposal === null ? proposed.title : `Proposal ${proposed.proposal} (${proposed.title})`}, on ${epochsText(replay.first, replay.last)}:`,
    '',
    rows.length === 0 ? 'Nobody earned anything.' : table(headers, [...rows, ['total', '', ...cells(total)]]),
    '',
    total.difference === 0n && gain + lose === 0
      ? 'No difference for anybody.'
      : `${gain} gain, ${lose} lose, ${same} same.${largestLoser === undefined ? '' : ` The largest loser is ${largestLoser.owner}: ${signed(largestLoser.difference)} (${percent(largestLoser.differenceBps)}).`}`,
    '',
    'What is simulated:',
    ...simulated(replay, proposed).map((line) => `  ${line}`),
  ].join('\n')
}

/** Never zero where there is a difference. */
function signed(amount: bigint): string {
  if (amount === 0n) return '0'
  const text = tokens(amount < 0n ? -amount : amount)
  return `${amount < 0n ? '−' : '+'}${text === '0' ? 'less than 0.0001' : text}`
}

function percent(bps: bigint | null): string {
  if (bps === null) return 'new'
  return `${bps < 0n ? '−' : bps === 0n ? '' : '+'}${tokens(bps < 0n ? -bps : bps, 2)} %`
}
