import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** Starts a module in a thread; it posts one message when it is ready. */
export async function startThread(module: URL, workerData?: unknown): Promise<Worker> {
  const worker = new Worker(module, { workerData })
  await once(worker, 'message')
  return worker
}

/** Sends a message and waits for the answer. */
export async function ask<Answer>(worker: Worker, message: unknown): Promise<Answer> {
  const answer = once(worker, 'message')
  worker.postMessage(message)
  return (await answer)[0] as Answer
}
