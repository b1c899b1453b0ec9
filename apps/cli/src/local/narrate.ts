import type { HistoryEvent } from '@cairn/chain'
import pc from 'picocolors'
import { short, tokens } from '../output/amounts.ts'
import { epochsText } from '../output/epochs.ts'

/** What happened on chain, in words; undefined for what is not worth a line. */
export function narrate({ eventName, args }: HistoryEvent): string | undefined {
  switch (eventName) {
    case 'EvidenceCommitted':
      return `${epochsText(args.epoch)}: ${args.count} reports sealed by the ingest, evidence root ${short(args.root)}`
    case 'EvidenceDeferred':
      return pc.yellow(`slot ${args.slot} is unavailable and waits for the next root`)
    case 'RootProposed':
      return `${epochsText(args.first, args.last)}: root ${short(args.rootId)} proposed, ${tokens(args.root.payoutSum)} paid in all by it`
    case 'RootAccepted':
      return `${epochsText(args.first, args.last)}: root ${short(args.rootId)} has two thirds of the stake: challengeable`
    case 'RootFinalised':
      return pc.green(
        `${epochsText(args.first, args.last)}: final: ${tokens(args.released)} released to the vault`,
      )
    case 'RootRemoved':
      return pc.red(`root ${short(args.rootId)} removed by a challenge of kind ${args.kind}`)
    case 'Slashed':
      return pc.red(`${short(args.holder)} slashed ${tokens(args.amount)}`)
    case 'DeviceRegistered':
      return `device ${args.index} onboarded, counts from epoch ${args.fromEpoch}`
    case 'RulesetAdopted':
      return `ruleset ${short(args.hash)} in force from epoch ${args.fromEpoch}`
    default:
      return undefined
  }
}
