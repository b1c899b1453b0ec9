import { type CairnProcess, type CairnProcessOptions, startCairn } from '@cairn/testing'

/** The processes of one stage. */
export interface Troupe {
  readonly size: number
  /** Those that ended although nobody asked them to, in words. */
  readonly ended: readonly string[]
  begin(name: string, options: Omit<CairnProcessOptions, 'name'>): Promise<CairnProcess>
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
      const process = await startCairn({ name, ...options })
      running.push(process)
      void process.exited.then((code) =>
        ended.push(`${name} ended with code ${code}; its log is ${process.logPath}`),
      )
      return process
    },
    async stop() {
      const [chain, ...services] = running
      await Promise.all(services.map((service) => service.kill()))
      await chain?.stop()
    },
  }
}
