import type { Clock } from '@cairn/runtime'
import { createForwarder, type Sent } from './forward.ts'
import type { ReplayPlan } from './plan-replay.ts'

const TICK_MS = 5
/** After a pause of the whole machine the replay goes on where it was instead of catching up at once. */
const LONGEST_STEP_MS = 50
/** Gateways that begin at a time, as they would not all be switched on in the same millisecond. */
const START_AT_ONCE = 32

/**
 * Packets that a forwarder may have waiting before the others wait for it: gateways that hear the same frame report it
 * within a second or so, and a machine that can not keep up must not tear them apart.
 */
const MOST_WAITING = 24

/** Plays the plan through one forwarder a gateway into the agent's UDP port, and waits for the last acknowledgement. */
export async function play(
  plan: ReplayPlan,
  { serverPort, clock, onProgress }: { serverPort: number; clock: Clock; onProgress: (text: string) => void },
): Promise<Sent> {
  const sent: Sent = { datagrams: 0, receptions: 0, acked: 0, resent: 0, unacked: [] }
  const forwarders = plan.gateways.map((eui) => createForwarder({ eui, serverPort, clock, sent }))
  try {
    for (let i = 0; i < forwarders.length; i += START_AT_ONCE)
      await Promise.all(forwarders.slice(i, i + START_AT_ONCE).map((forwarder) => forwarder.start()))
    let toldMs = clock.now()
    let lastMs = toldMs
    let playedMs = 0
    let next = 0
    while (next < plan.uplinks.length) {
      const nowMs = clock.now()
      if (forwarders.every((forwarder) => forwarder.waiting() <= MOST_WAITING))
        playedMs += Math.min(LONGEST_STEP_MS, nowMs - lastMs)
      lastMs = nowMs
      for (; next < plan.uplinks.length && plan.uplinks[next]!.atMs <= playedMs; next++)
        for (const reception of plan.uplinks[next]!.receptions) forwarders[reception.gateway]!.hear(reception)
      if (clock.now() - toldMs >= 10_000) {
        toldMs = clock.now()
        onProgress(`${next} of ${plan.uplinks.length} uplinks played, ${sent.acked} receptions acknowledged`)
      }
      await clock.sleep(TICK_MS)
    }
    await Promise.all(forwarders.map((forwarder) => forwarder.idle()))
    return sent
  } finally {
    await Promise.all(forwarders.map((forwarder) => forwarder.close()))
  }
}
