import { join } from 'node:path'
import type { Hex } from '@cairn/protocol'
import { createLogger, systemClock } from '@cairn/runtime'
import { type ChallengedRoot, challengeRoot as challenge } from '@cairn/watcher'
import { openAccount, privateKeyOf, withAccount } from '../../account.ts'
import type { Cli, Register } from '../../command.ts'
import { connect } from '../../open-network.ts'
import { hash } from '../../parse-options.ts'
import { Negative } from '../../run-cli.ts'
import { nodeMeans } from '../../services/node-means.ts'
import { watcherSecret } from '../../services/run-watcher.ts'
import { challengeGroup } from './group.ts'

export const challengeRoot: Register = (program, act) => {
  withAccount(
    challengeGroup(program)
      .command('root')
      .description('do once what a watcher does: recompute a root, and challenge it if it is false')
      .argument('<root>', 'id of the root', hash)
      .option('--only-look', 'only say whether it is true', false),
  )
    .addHelpText(
      'after',
      '\nThe account pays challenge bonds and gets its part of what is slashed; a watcher that runs must use another one. Run it again when the window of the root is over: then its part is collected. Exit code 3 when a false root stands.',
    )
    .action(
      act(async (cli, rootId: Hex, { account, onlyLook }: { account?: string; onlyLook: boolean }) => {
        const challenged = await challengeIt(cli, rootId, { accountName: account, onlyLook })
        const { outcome, entry, recomputed } = challenged
        const { first, last } = entry.root
        const removedBy = entry.removedBy ?? null
        cli.output.result(
          { root: rootId, first, last, outcome, recomputed: recomputed ?? null, removedBy },
          textOf(challenged),
        )
        if (outcome !== 'true' && outcome !== 'removed') throw new Negative()
      }),
    )
}

async function challengeIt(
  cli: Cli,
  rootId: Hex,
  { accountName, onlyLook }: { accountName: string | undefined; onlyLook: boolean },
): Promise<ChallengedRoot> {
  const { file, client, deployment } = await connect(cli)
  const account = await openAccount(cli, accountName)
  return challenge(rootId, {
    client,
    deployment,
    network: file.network,
    account,
    means: nodeMeans(cli.sectors),
    dataDir: join(cli.home, 'challenge', cli.networkName),
    clock: systemClock(),
    log: createLogger({ name: 'challenge' }),
    sources: file.sources,
    secret: watcherSecret(privateKeyOf(account)),
    onlyLook,
    signal: cli.signal,
  })
}

function textOf({ outcome, entry: { rootId, state, removedBy }, recomputed }: ChallengedRoot): string {
  switch (outcome) {
    case 'true':
      return `The root ${rootId} is what its inputs make.`
    case 'false':
      return `The root ${rootId} is false: its inputs make ${recomputed}. ${state === 'attesting' ? 'It has no quorum, so there is nothing to challenge.' : 'It can be challenged.'}`
    case 'dead':
      return `The root ${rootId} builds on a false one, which is to be challenged instead.`
    case 'final':
      return `The root ${rootId} is false: its inputs make ${recomputed}. It is final, and it is too late.`
    case 'removed':
      return `The root ${rootId} was false, and a challenge of kind ${removedBy} has removed it.`
  }
}
