import { openAccount, submitterFor, withAccount } from '../../account.ts'
import { claimRewards } from '../../claim-rewards.ts'
import type { Register } from '../../command.ts'
import { collectIndexes } from '../../devices.ts'
import { openNetwork, openRecomputer } from '../../open-network.ts'
import { tokens } from '../../output/amounts.ts'
import { rewardsGroup } from './group.ts'

export const rewardsClaim: Register = (program, act) => {
  withAccount(
    rewardsGroup(program)
      .command('claim')
      .description("pay devices what they can claim; anyone may send it, it goes to the devices' owners")
      .argument('[devices...]', 'device indexes; all with something to claim when left out', collectIndexes),
  ).action(
    act(async (cli, indexes: readonly number[] | undefined, { account: name }: { account?: string }) => {
      const open = await openNetwork(cli)
      const claimed = await claimRewards(open, {
        devices: indexes?.length ? indexes : undefined,
        recomputer: openRecomputer(open, cli, { cached: true }),
        submitter: submitterFor(open.client, await openAccount(cli, name)),
        signal: cli.signal,
        onProgress: cli.output.progress,
      })
      if (claimed === undefined)
        return cli.output.result({ claims: [] }, 'No root is final yet, so there is nothing to claim.')
      const { devices, claims, paid } = claimed
      cli.output.result(
        claimed,
        devices.length === 0
          ? 'Nothing to claim.'
          : `Claimed ${tokens(paid)} for ${devices.length} devices in ${claims.length} transactions.`,
      )
    }),
  )
}
