import { toHex } from '@cairn/protocol'
import type { BundleList } from '../../bundle/bundle-list.ts'
import { type Bundle, deriveBundle, deriveBundlePath, findBundleLeaf } from '../../bundle/derive-bundle.ts'
import { derivePiecePath, derivePieceSegment } from '../../piece/piece-path.ts'
import type { LeafProof } from '../../possession/answer-challenges.ts'
import type { LeafChallenge } from '../../possession/leaf-challenges.ts'
import { PossessionError } from '../../possession/possession-error.ts'
import type { RowStore } from '../store/open-row-store.ts'

/**
 * Proofs for a period's challenges of a rail's set, whose pieces are bundles, in order: of each at most 65 024 bytes are read. A damaged row throws; nothing that
 * would not verify is ever returned.
 *
 * @throws PossessionError `no_such_piece`; StoreError `no_such_row`, `damaged_row`; PieceError `wrong_segment`
 */
export async function answerBundleChallenges(
  store: Pick<RowStore, 'readBundle' | 'openPiece'>,
  rail: bigint,
  challenges: readonly LeafChallenge[],
): Promise<readonly LeafProof[]> {
  const opened = new Map<number, { readonly list: BundleList; readonly bundle: Bundle }>()
  const open = async (piece: number) => {
    const known = opened.get(piece)
    if (known !== undefined) return known
    const list = await store.readBundle(rail, piece)
    if (list === undefined) throw noBundle(rail, piece)
    const made = { list, bundle: deriveBundle(list.rows) }
    opened.set(piece, made)
    return made
  }
  const proofs: LeafProof[] = []
  for (const { piece, leaf } of challenges) {
    const { list, bundle } = await open(piece)
    const place = findBundleLeaf(bundle, leaf)
    if (place === undefined) throw noBundle(rail, piece)
    const { slab, row } = list.rows[place.position]!
    const held = await store.openPiece(slab, row)
    const own = derivePiecePath(
      held.index,
      place.leaf,
      await held.read(derivePieceSegment(held.index, place.leaf)),
    )
    const { path } = deriveBundlePath(bundle, place.position, own)
    proofs.push({ leaf: toHex(own.leaf), path: path.map((sibling) => toHex(sibling)) })
  }
  return proofs
}

const noBundle = (rail: bigint, piece: number): PossessionError =>
  new PossessionError({
    code: 'no_such_piece',
    message: `Bundle ${piece} of rail ${rail} is under challenge and is not held here, or is another one.`,
    fix: 'Restore its list from the slabs of kind 3, and its rows from other holders, before the period ends.',
    field: 'piece',
    value: String(piece),
  })
