import { settle } from '@cairn/settlement'
import { benchMeans, epochOf } from '../workloads/epoch-workload.ts'

/** Process of the row `epoch-close-growth`: settles an epoch of as many devices as its argument says, without checking signatures, and prints the CPU time that took. */
const devices = Number(process.argv[2])
const means = benchMeans(() => true)
await settle(epochOf(2000), means)
const input = epochOf(devices)
const before = process.cpuUsage()
await settle(input, means)
const { user, system } = process.cpuUsage(before)
const { maxRSS } = process.resourceUsage()
console.log(JSON.stringify({ cpuSeconds: (user + system) / 1e6, peakRssBytes: 1024 * maxRSS }))
