import { type ProcessNetwork, runCairn } from '@cairn/testing'

/** Claims for every device again and again, as an operator does who does not care what just crashed. */
export interface Claims {
  /** Claims that were paid, and tries that failed because something was down. */
  readonly counts: { readonly paid: number; readonly failed: number }
  stop(): Promise<void>
}

const pauseMs = 8_000

export function startClaims({ home }: Pick<ProcessNetwork, 'home'>): Claims {
  const counts = { paid: 0, failed: 0 }
  const stopping = new AbortController()
  const run = async () => {
    while (!stopping.signal.aborted) {
      const { exitCode, value } = await claimAll(home)
      if (exitCode !== 0) counts.failed++
      else if (value.claims.length > 0) counts.paid++
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs)
        stopping.signal.addEventListener('abort', () => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
  }
  const running = run()
  return {
    counts,
    async stop() {
      stopping.abort()
      await running
    },
  }
}

/** `cairn rewards claim` for all devices. */
export function claimAll(home: string) {
  return runCairn<{ claims: readonly unknown[] }>({
    home,
    args: ['rewards', 'claim', '--account', 'operator'],
  })
}
