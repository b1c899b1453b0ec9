import type { OwnerChoice } from '@cairn/chain'
import { type Command, Option } from 'commander'
import { tokenAmount, wholeNumber } from '../../parse-options.ts'

/** What {@link withVoting} reads from the command line. */
export interface VotingOptions {
  govern: boolean
  votingDelay: number
  votingPeriod: number
  lateQuorum: number
  threshold: bigint
  quorum: number
  leastQuorum: bigint
}

/** Options of a network whose token holders vote. */
export function withVoting(command: Command): Command {
  return command
    .addOption(
      new Option('--govern', 'let locked tokens vote on what the timelock does')
        .default(false)
        .conflicts('owner'),
    )
    .option('--voting-delay <seconds>', 'from a proposal to its vote', wholeNumber(0, 2 ** 31), 86_400)
    .option('--voting-period <seconds>', 'of a vote', wholeNumber(1, 2 ** 31), 259_200)
    .option(
      '--late-quorum <seconds>',
      'a vote stays open this long after its quorum was met; at most the period',
      wholeNumber(0, 2 ** 31),
      86_400,
    )
    .addOption(amountOption('--threshold <amount>', 'votes that it takes to propose', '100'))
    .option(
      '--quorum <bps>',
      'of all that is locked, in basis points; for and abstain count',
      wholeNumber(0, 10_000),
      2_000,
    )
    .addOption(amountOption('--least-quorum <amount>', 'least quorum, however little is locked', '10000'))
}

/** The governor that was asked for; undefined without `--govern`. */
export function governorOf(options: VotingOptions, timelockSeconds: number): OwnerChoice | undefined {
  if (!options.govern) return undefined
  return {
    governor: {
      delaySeconds: options.votingDelay,
      periodSeconds: options.votingPeriod,
      lateQuorumSeconds: Math.min(options.lateQuorum, options.votingPeriod),
      timelockSeconds,
      proposalThreshold: options.threshold,
      quorumBps: options.quorum,
      leastQuorum: options.leastQuorum,
    },
  }
}

/** An amount with a default, which help shows as people write it. */
export function amountOption(flags: string, description: string, amount: string): Option {
  return new Option(flags, description).argParser(tokenAmount).default(tokenAmount(amount), amount)
}
