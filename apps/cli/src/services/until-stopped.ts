import { createLifecycle, createLogger, type Logger } from '@cairn/runtime'
import type { Cli } from '../command.ts'

/** A service that runs. */
export interface Running {
  /** Rejects when it fails by itself. */
  readonly done: Promise<void>
  stop(): Promise<void>
  /** What others want to know of it, printed once it is ready. */
  readonly ready: Readonly<Record<string, unknown>>
}

/** Runs one service in the foreground until ctrl-c, its log on standard error, and prints one line of JSON on standard output when it is ready. */
export async function untilStopped(
  { output, signal }: Cli,
  name: string,
  begin: (log: Logger) => Promise<Running>,
): Promise<void> {
  const log = createLogger({ name })
  const lifecycle = createLifecycle({ log })
  const { done, ready } = await lifecycle.start(name, async () => {
    const value = await begin(log)
    return { value, stop: () => value.stop() }
  })
  lifecycle.watch(name, done)
  output.result({ ready: true, ...ready }, `ready ${JSON.stringify(ready)}`)
  const onAbort = () => void lifecycle.stop('asked to')
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  await lifecycle.done
}
