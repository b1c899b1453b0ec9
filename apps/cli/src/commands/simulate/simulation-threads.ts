import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { SimulationExecutor, Trace } from '@cairn/economics'

export interface SimulationThreads extends SimulationExecutor {
  close(): Promise<void>
}

/** Runs simulations in `threads` threads, at most one in each at a time. */
export function simulationThreads(threads: number): SimulationThreads {
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('./simulation-thread.ts', import.meta.url)),
  )
  const idle = [...workers]
  return {
    threads,
    run: async (task) => {
      const worker = idle.pop()
      if (worker === undefined) throw new Error(`more than ${threads} simulations were asked for at once`)
      const stop = new AbortController()
      const ended = once(worker, 'exit', { signal: stop.signal }).then(([code]) => {
        throw new Error(`a simulating thread ended with code ${code}`)
      })
      const answer = once(worker, 'message', { signal: stop.signal })
      worker.postMessage(task)
      try {
        // `once` rejects where the thread emits an error.
        const [trace] = (await Promise.race([answer, ended])) as [Trace]
        idle.push(worker)
        return trace
      } finally {
        ended.catch(() => undefined)
        answer.catch(() => undefined)
        stop.abort()
      }
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
