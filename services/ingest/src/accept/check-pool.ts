import { Worker } from 'node:worker_threads'
import { type CheckItem, type CheckResults, packJob } from './check-job.ts'
import { createFairQueue } from './fair-queue.ts'

/** Checks signatures, body roots and hashes of reports away from the thread that serves connections. */
export interface CheckPool {
  /**
   * @param source what the reports came over: sources take turns
   * @throws the thread's error when it ended, or when the pool was stopped
   */
  check(source: object, items: readonly CheckItem[]): Promise<CheckResults>
  /** Jobs that no thread has begun. */
  readonly waiting: number
  stop(): Promise<void>
}

/** How many threads, and how they share the work. */
export interface CheckPoolOptions {
  readonly threads: number
  /** Reports in one job at most: what a thread does before another source has its turn. */
  readonly checkReports: number
  readonly cachedKeys: number
  /** Called when a thread ends by itself. Nothing can be checked any more. */
  readonly onFailure: (error: unknown) => void
}

interface Job {
  readonly items: readonly CheckItem[]
  resolve(results: CheckResults): void
  reject(error: unknown): void
}

/** Jobs a thread has at once: one it works on, the others so that it need not wait while connections are served. */
const jobsAhead = 4

export function createCheckPool(options: CheckPoolOptions): CheckPool {
  const queue = createFairQueue<Job>()
  const running = new Map<number, Job>()
  let lastId = 0
  let ended: unknown

  const end = (error: unknown) => {
    if (ended !== undefined) return
    ended = error
    for (const job of [...running.values(), ...queue.drain()]) job.reject(error)
    running.clear()
  }
  const threads = Array.from({ length: options.threads }, () => {
    const worker = new Worker(new URL('./check-worker.ts', import.meta.url), {
      workerData: { cachedKeys: options.cachedKeys },
    })
    const thread = { worker, jobs: 0 }
    worker.on('message', ({ id, verdicts, hashes }: CheckResults & { id: number }) => {
      thread.jobs--
      const job = running.get(id)
      running.delete(id)
      feed()
      job?.resolve({ verdicts, hashes })
    })
    worker.on('error', (error) => {
      if (ended === undefined) options.onFailure(error)
      end(error)
    })
    worker.unref()
    return thread
  })
  const feed = () => {
    for (let depth = 0; depth < jobsAhead; depth++) {
      for (const thread of threads) {
        if (thread.jobs > depth) continue
        const job = queue.shift()
        if (job === undefined) return
        const packed = packJob(job.items)
        running.set(++lastId, job)
        thread.jobs++
        thread.worker.postMessage({ id: lastId, packed }, [packed])
      }
    }
  }
  const checkSome = (source: object, items: readonly CheckItem[]): Promise<CheckResults> =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(ended)
      queue.push(source, { items, resolve, reject })
      feed()
    })
  return {
    get waiting() {
      return queue.size
    },
    async check(source, items) {
      const parts: Promise<CheckResults>[] = []
      for (let at = 0; at < items.length; at += options.checkReports) {
        parts.push(checkSome(source, items.slice(at, at + options.checkReports)))
      }
      return joinResults(await Promise.all(parts), items.length)
    },
    async stop() {
      end(new Error('The ingest is stopping: send the reports again when it is back, or to another one.'))
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}

function joinResults(parts: readonly CheckResults[], count: number): CheckResults {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  const verdicts = new Uint8Array(count)
  const hashes = new Uint8Array(32 * count)
  let at = 0
  for (const part of parts) {
    verdicts.set(part.verdicts, at)
    hashes.set(part.hashes, 32 * at)
    at += part.verdicts.length
  }
  return { verdicts, hashes }
}
