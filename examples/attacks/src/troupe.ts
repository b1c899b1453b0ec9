import { type CairnProcess, type CairnProcessOptions, startCairn } from '@cairn/testing'

/** The processes of one stage. */
export interface Troupe {
  readonly size: number
  /** Those that ended although nobody asked them to, in words. */
  readonly ended: readonly string[]
  begin(name: string, options: Omit<CairnProcessOptions, 'name'>): Promise<CairnProcess>
  /** Holds a process up, as a machine that is busy would; `go` lets it go on. */
  signal(name: string, what: 'hold' | 'go'): void
  /** Ends all of them; the first one, which is the chain, last. */
  stop(): Promise<void>
}

export function createTroupe(): Troupe {
  const running: CairnProcess[] = []
  const ended: string[] = []
  return {
    ended,
    get size() {
      return running.length
    },
    async begin(name, options) {
      const started = await startCairn({ name, ...options })
      running.push(started)
      void started.exited.then((code) =>
        ended.push(`${name} ended with code ${code}; its log is ${started.logPath}`),
      )
      return started
    },
    signal(name, what) {
      const found = running.find((each) => each.name === name)
      if (found !== undefined) process.kill(found.pid, what === 'hold' ? 'SIGSTOP' : 'SIGCONT')
    },
    async stop() {
      const [chain, ...services] = running
      await Promise.all(services.map((service) => service.kill()))
      await chain?.stop()
    },
  }
}
