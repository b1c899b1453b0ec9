import { Worker } from 'node:worker_threads'
import type { Executor, JudgeResult, Task } from '@cairn/settlement'

/** What a settling thread sends back. */
export type ThreadAnswer = { readonly result: JudgeResult | undefined } | { readonly error: Error }

export interface ThreadExecutor extends Executor {
  close(): Promise<void>
}

/**
 * Runs settlement tasks in `threads` worker threads, which share the job's memory.
 *
 * @param entry a module that calls `serveTasks` with the sectors of its program
 */
export function threadExecutor(entry: URL, threads: number): ThreadExecutor {
  const workers = Array.from({ length: threads }, () => new Worker(entry))
  const queues = workers.map(() => Promise.resolve<unknown>(undefined))
  return {
    shares: threads,
    run: (tasks) =>
      Promise.all(
        tasks.map((task, i) => {
          const at = i % threads
          const answer = queues[at]!.then(() => ask(workers[at]!, task))
          queues[at] = answer.catch(() => undefined)
          return answer
        }),
      ),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

function ask(worker: Worker, task: Task): Promise<JudgeResult | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      worker.off('message', onMessage)
      worker.off('error', onError)
      worker.off('exit', onExit)
      act()
    }
    const onMessage = (answer: ThreadAnswer) =>
      settle(() => ('error' in answer ? reject(answer.error) : resolve(answer.result)))
    const onError = (error: Error) => settle(() => reject(error))
    const onExit = (code: number) =>
      settle(() => reject(new Error(`a settling thread ended with code ${code}`)))
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.on('exit', onExit)
    worker.postMessage(task)
  })
}
