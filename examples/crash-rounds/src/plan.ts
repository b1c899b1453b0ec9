import type { ServiceName } from '@cairn/testing'

/** In every eight rounds: the ingest three times, every verifier, the watcher and the chain once. */
const bag: readonly ServiceName[] = [
  'ingest',
  'ingest',
  'ingest',
  'verifier-1',
  'verifier-2',
  'verifier-3',
  'watcher',
  'chain',
]

/** Who is killed in which round: the same seed gives the same order. */
export function planVictims(rounds: number, random: () => number): ServiceName[] {
  const victims: ServiceName[] = []
  while (victims.length < rounds) victims.push(...shuffle(bag, random))
  return victims.slice(0, rounds)
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const shuffled = [...items]
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!]
  }
  return shuffled
}
