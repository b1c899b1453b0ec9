/** Jobs of many sources, taken in turn: a source with a thousand jobs waits no less than one with a single job. */
export interface FairQueue<Job> {
  readonly size: number
  push(source: object, job: Job): void
  /** The next job; undefined when there is none. */
  shift(): Job | undefined
  /** Takes out all jobs, in order. */
  drain(): Job[]
}

export function createFairQueue<Job>(): FairQueue<Job> {
  /** Sources with jobs, in the order of their turns. */
  const queues = new Map<object, { jobs: Job[]; head: number }>()
  let size = 0
  const shift = (): Job | undefined => {
    const turn = queues.entries().next().value
    if (turn === undefined) return undefined
    const [source, queue] = turn
    const job = queue.jobs[queue.head++]!
    queues.delete(source)
    if (queue.head < queue.jobs.length) queues.set(source, queue)
    size--
    return job
  }
  return {
    get size() {
      return size
    },
    push(source, job) {
      const queue = queues.get(source)
      if (queue === undefined) queues.set(source, { jobs: [job], head: 0 })
      else queue.jobs.push(job)
      size++
    },
    shift,
    drain: () => Array.from({ length: size }, () => shift()!),
  }
}
