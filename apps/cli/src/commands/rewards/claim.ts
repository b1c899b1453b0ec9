import { claim, claimBatch, readVaultOf, type Submission } from '@cairn/chain'
import { buildPayoutTree } from '@cairn/protocol'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { collectIndexes, deviceRewards, newestFinal, requireDevice } from '../../devices.ts'
import { openNetwork, openRecomputer } from '../../open-network.ts'
import { tokens } from '../../output/amounts.ts'
import { rewardsGroup } from './group.ts'

/** Most neighbours in one transaction. */
const BATCH = 50

export const rewardsClaim: Register = (program, act) => {
  withAccount(
    rewardsGroup(program)
      .command('claim')
      .description("pay devices what they can claim; anyone may send it, it goes to the devices' owners")
      .argument('[devices...]', 'device indexes; all with something to claim when left out', collectIndexes),
  ).action(
    act(async (cli, indexes: readonly number[] | undefined, { account: name }: { account?: string }) => {
      const open = await openNetwork(cli)
      const final = newestFinal(open.followed)
      if (final === undefined)
        return cli.output.result({ claims: [] }, 'No root is final yet, so there is nothing to claim.')
      const { cumulative } = await openRecomputer(open, cli, { cached: true }).stateOf(final.rootId)
      const due = []
      for (const device of indexes?.length ? indexes : cumulative.map((_, index) => index)) {
        requireDevice(open, device)
        const rewards = await deviceRewards(open, device, cumulative[device] ?? 0n)
        if (rewards.claimable > 0n) due.push(rewards)
      }
      const vault = await readVaultOf(open, { network: open.file.network })
      const tree = buildPayoutTree(cumulative)
      const submitter = submitterFor(open.client, await openAccount(cli, name))
      const claims = []
      for (const run of runs(due.map(({ device }) => device))) {
        const [first] = run as [number]
        const call =
          run.length === 1
            ? claim({
                vault,
                rootId: final.rootId,
                index: first,
                cumulative: cumulative[first]!,
                siblings: tree.proof(first),
              })
            : claimBatch({
                vault,
                rootId: final.rootId,
                first,
                cumulatives: run.map((device) => cumulative[device]!),
                siblings: tree.multiproof(first, run.length),
              })
        cli.output.progress(`claiming for devices ${first} to ${run.at(-1)}`)
        claims.push({
          devices: run,
          transaction: hashOf(await submitter.submit(call, { signal: cli.signal })),
        })
      }
      const paid = due.reduce((sum, { claimable }) => sum + claimable, 0n)
      const text =
        due.length === 0
          ? 'Nothing to claim.'
          : `Claimed ${tokens(paid)} for ${due.length} devices in ${claims.length} transactions.`
      cli.output.result({ root: final.rootId, paid, devices: due, claims }, text)
    }),
  )
}

/** Stretches of neighbouring indexes, each short enough for one transaction. */
function runs(indexes: readonly number[]): number[][] {
  const found: number[][] = []
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const current = found.at(-1)
    if (current !== undefined && current.at(-1)! + 1 === index && current.length < BATCH) current.push(index)
    else found.push([index])
  }
  return found
}

function hashOf(submission: Submission): string | null {
  return submission.status === 'mined' ? submission.receipt.transactionHash : null
}
