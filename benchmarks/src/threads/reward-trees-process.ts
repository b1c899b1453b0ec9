import { buildRewardTrees } from '../workloads/payout-and-work-trees.ts'

/** Process of the rows `reward-trees-*`: builds the trees for as many devices as its argument says, and prints what that took. */
const ms = buildRewardTrees(Number(process.argv[2]))
const { maxRSS } = process.resourceUsage()
console.log(JSON.stringify({ ms, peakRssBytes: 1024 * maxRSS }))
