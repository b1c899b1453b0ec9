import { hashInto } from '@chainsafe/hashtree'
import { MAX_PIECE_HEIGHT, NODE_BYTES } from './piece-size.ts'

/**
 * The parents of `nodes`, which are pairs one after the other, written to `out`: SHA-256 of each pair with the two top
 * bits of its last byte cleared (sha2-256-trunc254-padded), so that a node is an element of the field that Fr32 leaves
 * are in.
 */
export const hashNodePairs = (nodes: Uint8Array, out: Uint8Array): void => {
  if (nodes.length === 0) return
  hashInto(nodes, out)
  for (let last = NODE_BYTES - 1; last < out.length; last += NODE_BYTES) out[last]! &= 0x3f
}

/** The root of a tree of `height` whose leaves are all zero. */
export const zeroNode = (height: number): Uint8Array => zeroNodes()[height]!

let known: readonly Uint8Array[] | undefined

const zeroNodes = (): readonly Uint8Array[] => {
  if (known !== undefined) return known
  const nodes = [new Uint8Array(NODE_BYTES)]
  for (let height = 1; height <= MAX_PIECE_HEIGHT; height++) {
    const pair = new Uint8Array(2 * NODE_BYTES)
    pair.set(nodes[height - 1]!, 0)
    pair.set(nodes[height - 1]!, NODE_BYTES)
    const node = new Uint8Array(NODE_BYTES)
    hashNodePairs(pair, node)
    nodes.push(node)
  }
  known = nodes
  return known
}

/**
 * All layers of a tree of `height` from some of its nodes at height `from`, the lowest first; the nodes behind them are
 * those of zero leaves. Layers below the root have an even number of nodes, as far as anything but zeros is in them.
 */
export const buildLayers = (nodes: Uint8Array, from: number, height: number): readonly Uint8Array[] => {
  const layers = [nodes]
  for (let level = from; level < height; level++) {
    const layer = evened(layers.at(-1)!, level)
    layers[layers.length - 1] = layer
    const above = new Uint8Array(layer.length / 2)
    hashNodePairs(layer, above)
    layers.push(above)
  }
  return layers
}

const evened = (layer: Uint8Array, level: number): Uint8Array => {
  if ((layer.length / NODE_BYTES) % 2 === 0) return layer
  const even = new Uint8Array(layer.length + NODE_BYTES)
  even.set(layer)
  even.set(zeroNode(level), layer.length)
  return even
}
