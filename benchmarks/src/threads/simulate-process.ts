import { defaultParameters, simulateNetwork } from '@cairn/economics'

// A process of its own: `node simulate-process.ts <operators> <epochs>` prints the CPU time of one simulated network.
const [operators, epochs] = process.argv.slice(2).map(Number) as [number, number]
simulateNetwork({ scenario: 'baseline', seed: 1, parameters: defaultParameters(operators, 60) })
const before = process.cpuUsage()
simulateNetwork({ scenario: 'baseline', seed: 2, parameters: defaultParameters(operators, epochs) })
const { user, system } = process.cpuUsage(before)
process.stdout.write(`${JSON.stringify({ cpuSeconds: (user + system) / 1e6 })}\n`)
