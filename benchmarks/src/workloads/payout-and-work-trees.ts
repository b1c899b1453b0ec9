import { buildPayoutTree, buildWorkTree, type LeafSource, workLeafBytes } from '@cairn/protocol'

/**
 * Builds the two reward trees of `devices` devices: amounts as 64-bit halves and work leaves written on demand, which is how settling hands them over.
 *
 * @returns milliseconds
 */
export function buildRewardTrees(devices: number): number {
  const cumulative = new BigUint64Array(2 * devices)
  for (let device = 0; device < devices; device++) cumulative[2 * device + 1] = 10n ** 18n + BigInt(device)
  const rows = workRows(devices)
  const start = performance.now()
  const payout = buildPayoutTree(cumulative)
  const work = buildWorkTree(rows)
  const elapsed = performance.now() - start
  if (payout.count !== devices || work.count !== devices) throw new Error('a tree lost devices')
  return elapsed
}

function workRows(devices: number): LeafSource {
  const bytes = new Uint8Array(workLeafBytes * devices)
  const view = new DataView(bytes.buffer)
  for (let device = 0; device < devices; device++) {
    const at = workLeafBytes * device
    view.setUint32(at, device)
    view.setUint32(at + 12, device % 1000)
    view.setUint32(at + 52, device)
    view.setUint32(at + 84, 10)
  }
  return {
    count: devices,
    write: (to, first, count) =>
      to.set(bytes.subarray(workLeafBytes * first, workLeafBytes * (first + count))),
  }
}
