import { parentPort } from 'node:worker_threads'
import { type SimulationTask, simulateNetwork } from '@cairn/economics'

// What a worker thread runs: one simulated network for each message.
parentPort?.on('message', (task: SimulationTask) => {
  const trace = simulateNetwork(task)
  parentPort?.postMessage(trace, [trace.values.buffer as ArrayBuffer])
})
