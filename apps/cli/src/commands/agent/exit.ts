import { closeStorageOffer, endRail, epochStart, readDataSet, settleRail } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { parseIndex } from '../../devices.ts'
import { type OpenNetwork, openNetwork } from '../../open-network.ts'
import { group } from '../group.ts'
import { readOffer } from '../storage/offer/read-offer.ts'
import { findRails } from '../storage/rail/find-rails.ts'
import { describeRail, type RailStanding, readRailStanding } from '../storage/rail/standing.ts'

export const agentExit: Register = (program, act) => {
  withAccount(
    group(program, 'agent', 'host devices')
      .command('exit')
      .description(
        'leave as an operator of storage: the offer is closed, every rail ended after its notice, and what is due settled; again, it says what is left',
      )
      .argument('<device>', 'device index; the sender owns it', parseIndex)
      .addHelpText(
        'after',
        '\nThe agent has to go on until the last period is over: until then its rows are under proof, read and paid for, and customers move them.\nExample: cairn agent exit 7',
      ),
  ).action(
    act(async (cli, device: number, { account: name }: { account?: string }) => {
      const open = await openNetwork(cli)
      const { deployment } = open
      const { network } = open.file
      const { signal } = cli
      const submitter = submitterFor(open.client, await openAccount(cli, name))
      if ((await readOffer(open, device)).open)
        await submitter.submit(closeStorageOffer(deployment, { network, device }), { signal })
      const ids = await findRails(open, { device })
      for (const [i, rail] of ids.entries()) {
        cli.output.progress(`${i} of ${ids.length} rails`)
        const { state, due } = await readRailStanding(open, { rail })
        if (state === 'running') await submitter.submit(endRail(deployment, { rail }), { signal })
        if (due > 0n) await submitter.submit(settleRail(deployment, { rail }), { signal })
      }
      const rails = await Promise.all(ids.map((rail) => readRailStanding(open, { rail })))
      const goesOnUntil = await readEnd(open, rails)
      const isOver = goesOnUntil === null
      const next = isOver
        ? 'All is over: the agent may stop.'
        : `The agent has to go on until ${new Date(goesOnUntil * 1_000).toISOString()}; then send \`cairn agent exit ${device}\` again.`
      cli.output.result({ device, isOver, goesOnUntil, rails }, [...rails.map(describeRail), next].join('\n'))
    }),
  )
}

/** Unix seconds at which the last period of all that is not over ends; null when nothing is left. */
async function readEnd(open: OpenNetwork, rails: readonly RailStanding[]): Promise<number | null> {
  const { timeline } = open.followed.history
  let end: number | null = null
  for (const { state, set, period, lastPeriod } of rails) {
    if (state !== 'ended' || lastPeriod === null || period > lastPeriod) continue
    const { periodEpochs } = (await readDataSet(open, { set })).terms
    end = Math.max(end ?? 0, epochStart(timeline, (lastPeriod + 1) * periodEpochs))
  }
  return end
}
