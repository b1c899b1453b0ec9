import type { Logger } from './log/create-logger.ts'

/** Ends what a start began. */
export type Stop = () => Promise<void> | void

/** What a part gives back: what others use, and how it ends. */
export interface Started<T> {
  value: T
  stop?: Stop
}

/** Starts parts in order and stops them in the opposite order, once, whatever the cause. */
export interface Lifecycle {
  /** Aborted at the beginning of the stop. Everything that waits takes it. */
  readonly signal: AbortSignal
  /** Starts a part after the ones before it. When it throws, the others are stopped and the error goes on. */
  start<T>(name: string, begin: (signal: AbortSignal) => Promise<Started<T>> | Started<T>): Promise<T>
  /** Follows a task that runs until the end; when it fails before that, everything stops and {@link done} rejects. */
  watch(name: string, task: Promise<unknown>): void
  /** Stops everything, last started first. Later calls wait for the same stop. */
  stop(reason?: string): Promise<void>
  /** Resolves when all is stopped, or rejects with the failure that stopped it. */
  readonly done: Promise<void>
}

/** What a lifecycle needs of its process. */
export interface LifecycleOptions {
  log: Logger
  /** How long one part may take to stop, in ms, before the next one's turn. Default 10 000. */
  stopTimeoutMs?: number
  /** SIGINT and SIGTERM of this process stop everything; a second one ends the process at once. */
  process?: Pick<NodeJS.Process, 'on' | 'off' | 'exit'>
}

/** Makes a lifecycle with nothing in it. */
export function createLifecycle({ log, stopTimeoutMs = 10_000, process }: LifecycleOptions): Lifecycle {
  const abort = new AbortController()
  const started: { name: string; stop: Stop }[] = []
  const { promise: done, resolve, reject } = Promise.withResolvers<void>()
  done.catch(() => {})
  let failure: { error: unknown } | undefined
  let stopping: Promise<void> | undefined

  const stopAll = async () => {
    for (const part of started.toReversed()) {
      try {
        await within(stopTimeoutMs, Promise.resolve(part.stop()))
        log.debug({ part: part.name }, 'stopped')
      } catch (error) {
        log.error({ err: error, part: part.name }, 'did not stop')
      }
    }
    unlisten()
    if (failure === undefined) resolve()
    else reject(failure.error)
  }
  const stop = (reason = 'asked to') => {
    if (stopping === undefined) {
      log.info({ reason }, 'stopping')
      abort.abort(new Error(`Stopped: ${reason}.`))
      stopping = stopAll()
    }
    return stopping
  }
  const fail = (name: string, error: unknown) => {
    failure ??= { error }
    log.error({ err: error, part: name }, 'failed')
    return stop(`${name} failed`)
  }
  const unlisten = listen(process, stop)

  return {
    signal: abort.signal,
    done,
    stop,
    async start(name, begin) {
      abort.signal.throwIfAborted()
      try {
        const { value, stop: end } = await begin(abort.signal)
        if (end !== undefined) started.push({ name, stop: end })
        log.debug({ part: name }, 'started')
        // It was asked to stop while this part was starting: the part is in the list only now, so end it here.
        if (stopping !== undefined && end !== undefined) await end()
        abort.signal.throwIfAborted()
        return value
      } catch (error) {
        if (!abort.signal.aborted) await fail(name, error)
        throw error
      }
    },
    watch(name, task) {
      task.catch((error) => {
        if (!abort.signal.aborted) void fail(name, error)
      })
    },
  }
}

function listen(process: LifecycleOptions['process'], stop: (reason: string) => void): () => void {
  if (process === undefined) return () => {}
  let count = 0
  const onSignal = (signal: NodeJS.Signals) => {
    count += 1
    if (count > 1) process.exit(130)
    stop(signal)
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return () => {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
}

async function within(ms: number, task: Promise<void>): Promise<void> {
  let handle: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    handle = setTimeout(() => reject(new Error(`It took longer than ${ms} ms to stop.`)), ms)
  })
  try {
    await Promise.race([task, late])
  } finally {
    clearTimeout(handle)
  }
}
