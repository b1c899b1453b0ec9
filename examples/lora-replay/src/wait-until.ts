import type { Clock } from '@cairn/runtime'

/** Looks every half second until `look` gives something. @throws Error when it takes longer than `withinMs` */
export async function waitUntil<T>(
  what: string,
  { clock, withinMs }: { clock: Clock; withinMs: number },
  look: () => Promise<T | undefined>,
): Promise<T> {
  const giveUpAt = clock.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (clock.now() > giveUpAt) throw new Error(`Waited ${withinMs} ms, and still not: ${what}.`)
    await clock.sleep(500)
  }
}
