import { parentPort } from 'node:worker_threads'
import { type Means, runTask, type Task } from '@cairn/settlement'
import type { ThreadAnswer } from './thread-executor.ts'

/** Makes the calling worker thread run settlement tasks with these means. Its program's root composes them. */
export function serveTasks(means: Means): void {
  const port = parentPort
  if (port === null) throw new Error('serveTasks is called in a worker thread, by threadExecutor')
  port.on('message', (task: Task) => {
    port.postMessage(answer(task, means))
  })
}

function answer(task: Task, means: Means): ThreadAnswer {
  try {
    return { result: runTask(task, means) }
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }
}
