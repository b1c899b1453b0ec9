import type { Hex, Root } from '@cairn/protocol'
import type { Address } from 'viem'
import type { Undo } from './undo.ts'

/** A verifier's vote for a root. */
export interface Attestation {
  readonly verifier: Address
  readonly weight: bigint
  readonly streamDigest: Hex
}

/** A root and what became of it. */
export interface RootEntry {
  readonly rootId: Hex
  readonly root: Root
  readonly state: 'attesting' | 'challengeable' | 'final' | 'removed'
  readonly attestations: readonly Attestation[]
  /** Unix seconds, as of acceptance or the guardian's delay; disputes can put it off further, which only the contract knows. */
  readonly finalisableAt: number | undefined
  /** The kind of challenge that removed it. */
  readonly removedBy: number | undefined
}

/** All roots of a network. */
export interface RootHistory {
  proposed(event: { rootId: Hex; root: Root }): Undo
  attested(event: { rootId: Hex; verifier: Address; weight: bigint; streamDigest: Hex }): Undo
  accepted(event: { rootId: Hex; finalisableAt: bigint }): Undo
  removed(event: { rootId: Hex; kind: number }): Undo
  finalised(event: { rootId: Hex }): Undo
  delayed(event: { rootId: Hex; finalisableAt: bigint }): Undo
  get(rootId: Hex): RootEntry | undefined
  /** Every root that was ever proposed, in order. */
  readonly all: readonly RootEntry[]
  /** The accepted roots that stand, from the first to the head. */
  readonly standing: readonly RootEntry[]
  /** The newest accepted root that stands; undefined before the first. */
  readonly head: RootEntry | undefined
  /** The standing root that covers the epoch. */
  covering(epoch: number): RootEntry | undefined
}

/** Makes a history without roots. */
export function createRootHistory(): RootHistory {
  const entries = new Map<Hex, RootEntry>()
  const chain: Hex[] = []
  const change = (rootId: Hex, update: (entry: RootEntry) => Partial<RootEntry>): Undo => {
    const before = entries.get(rootId)
    if (before === undefined) throw new RangeError(`Root ${rootId} was never proposed.`)
    entries.set(rootId, { ...before, ...update(before) })
    return () => void entries.set(rootId, before)
  }
  const at = (place: number) => {
    const rootId = chain[place]
    return rootId === undefined ? undefined : entries.get(rootId)
  }

  return {
    proposed({ rootId, root }) {
      entries.set(rootId, {
        rootId,
        root,
        state: 'attesting',
        attestations: [],
        finalisableAt: undefined,
        removedBy: undefined,
      })
      return () => void entries.delete(rootId)
    },
    attested: ({ rootId, verifier, weight, streamDigest }) =>
      change(rootId, ({ attestations }) => ({
        attestations: [...attestations, { verifier, weight, streamDigest }],
      })),
    accepted({ rootId, finalisableAt }) {
      const undo = change(rootId, () => ({ state: 'challengeable', finalisableAt: Number(finalisableAt) }))
      chain.push(rootId)
      return () => {
        chain.pop()
        undo()
      }
    },
    removed({ rootId, kind }) {
      const undo = change(rootId, () => ({ state: 'removed', removedBy: kind }))
      const place = chain.indexOf(rootId)
      // What stood on top of it is dead with it.
      const dead = place === -1 ? [] : chain.splice(place)
      return () => {
        chain.push(...dead)
        undo()
      }
    },
    finalised: ({ rootId }) => change(rootId, () => ({ state: 'final' })),
    delayed: ({ rootId, finalisableAt }) => change(rootId, () => ({ finalisableAt: Number(finalisableAt) })),
    get: (rootId) => entries.get(rootId),
    get all() {
      return [...entries.values()]
    },
    get standing() {
      return chain.map((rootId) => entries.get(rootId)!)
    },
    get head() {
      return at(chain.length - 1)
    },
    covering(epoch) {
      let low = 0
      let high = chain.length
      while (low < high) {
        const middle = (low + high) >>> 1
        if (at(middle)!.root.last < epoch) low = middle + 1
        else high = middle
      }
      const found = at(low)
      return found !== undefined && found.root.first <= epoch ? found : undefined
    },
  }
}
