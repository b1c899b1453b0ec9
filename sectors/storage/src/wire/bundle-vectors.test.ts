import { readFileSync } from 'node:fs'
import { fromHex, type Hex, toHex } from '@cairn/protocol'
import { expect, test } from 'vitest'
import { sortBundleRows } from '../bundle/bundle-list.ts'
import { bundleTermsOf, deriveBundleDigest } from './bundle-agreement.ts'

interface Vector {
  readonly chainId: number
  readonly contract: Hex
  readonly rail: number
  readonly piece: number
  readonly rows: readonly {
    readonly slab: Hex
    readonly row: number
    readonly height: number
    readonly root: Hex
  }[]
  readonly root: Hex
  readonly leaves: number
  readonly digest: Hex
}

const { bundles } = JSON.parse(
  readFileSync(new URL('../../../../specs/vectors/bundle.json', import.meta.url), 'utf8'),
) as { readonly bundles: readonly Vector[] }

test.each(bundles)(
  'default: rail $rail, piece $piece: root, leaves, and what the customer signs',
  (vector) => {
    const rows = vector.rows.map(({ slab, row, height, root }) => ({
      ...{ row, height },
      slab: fromHex(slab),
      root: fromHex(root),
    }))
    expect(sortBundleRows(rows.toReversed())).toEqual(rows)
    const terms = bundleTermsOf({ rail: BigInt(vector.rail), piece: vector.piece, rows })
    expect(toHex(terms.root)).toBe(vector.root)
    expect(terms.leaves).toBe(vector.leaves)
    const domain = { chainId: vector.chainId, verifyingContract: vector.contract }
    expect(toHex(deriveBundleDigest(domain, terms))).toBe(vector.digest)
  },
)
