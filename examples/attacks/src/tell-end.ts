import type { RootEntry } from '@cairn/chain'
import type { Hex } from '@cairn/protocol'
import type { Stage } from './stage.ts'
import type { BondChange, Outcome, WonChallenge } from './story.ts'
import type { Bond } from './watch-chain.ts'

/** What `cairn challenge list --json` prints, as far as stories need it. */
interface ListedChallenges {
  readonly removed: readonly (WonChallenge & { readonly root: Hex; readonly collected: string | null })[]
  readonly disputes: Outcome['disputes']
  readonly ingestFaults: readonly (Omit<WonChallenge, 'winner'> & { readonly challenger: Hex })[]
  readonly slashed: readonly { readonly reward: string }[]
}

/** Asks fresh processes that know nothing but the network's file how it ended: what was challenged, whether the final root is the honest one, and what devices can claim. */
export async function tellEnd(
  { ask, chain }: Stage,
  {
    falseRoot,
    final,
    before,
  }: {
    readonly falseRoot?: Hex | undefined
    readonly final: Pick<RootEntry, 'rootId'> | undefined
    readonly before: readonly Bond[]
  },
): Promise<Outcome> {
  const [listed, { roots }] = await Promise.all([
    ask<ListedChallenges>('challenge', 'list'),
    ask<{ roots: { root: Hex; recomputed: Hex | null }[] }>('audit', '--threads', '1'),
  ])
  const removed = listed.removed.find(({ root }) => root === falseRoot)
  const [fault] = listed.ingestFaults
  const challenge = removed ?? (fault && { ...fault, winner: fault.challenger })
  const collected = removed === undefined ? listed.slashed[0]?.reward : removed.collected
  const audited = roots.find(({ root }) => root === final?.rootId)
  const isHonest = audited !== undefined && audited.recomputed === audited.root
  const paid = isHonest ? await claimAll(ask) : 0n
  return {
    falseRoot:
      falseRoot === undefined
        ? null
        : { root: falseRoot, state: stateOf(chain.history.roots.get(falseRoot)) },
    challenge:
      challenge === undefined
        ? null
        : { kind: challenge.kind, transaction: challenge.transaction, winner: challenge.winner },
    disputes: listed.disputes.map(({ kind, tree, state }) => ({ kind, tree, state })),
    bonds: await changesOf(chain, before),
    collected: collected === undefined || collected === null ? null : BigInt(collected),
    finalRoot: final?.rootId ?? null,
    honestRoot: audited?.recomputed ?? null,
    paid,
  }
}

/** Returns what the vault says was paid. */
async function claimAll(ask: Stage['ask']): Promise<bigint> {
  await ask('rewards', 'claim')
  const { devices } = await ask<{ devices: { claimed: string | number }[] }>('rewards', 'show')
  return devices.reduce((sum, { claimed }) => sum + BigInt(claimed), 0n)
}

async function changesOf({ readBonds }: Stage['chain'], before: readonly Bond[]): Promise<BondChange[]> {
  const after = await readBonds(before)
  return before.map(({ role, holder, amount }, i) => ({
    role,
    holder,
    before: amount,
    after: after[i]!.amount,
  }))
}

function stateOf(entry: RootEntry | undefined): string {
  return entry?.state ?? 'unknown'
}
