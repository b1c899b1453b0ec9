/**
 * Depth of a tree of `count` leaves: ⌈log2 max(count, 1)⌉, so that it has 2^depth positions (spec 5, "Shape").
 * Trees of no leaf and of one leaf have depth 0.
 */
export const treeDepth = (count: number): number => {
  let depth = 0
  while (2 ** depth < count) depth++
  return depth
}
