import { leastExitSeconds, type Timeline } from '@cairn/chain'

/** The phases of an epoch as `cairn network create` is asked for them, in seconds. */
export interface DurationOptions {
  readonly epoch: number
  readonly seal: number
  readonly availability: number
  readonly attest: number
  readonly challenge: number
  readonly response: number
}

/** These phases in the terms of the contracts, with the shortest exit they allow. */
export function durationsOf(options: DurationOptions): Omit<Timeline, 'genesis' | 'queueSeconds'> {
  const durations = {
    epochSeconds: options.epoch,
    sealSeconds: options.seal,
    availabilitySeconds: options.availability,
    attestSeconds: options.attest,
    challengeSeconds: options.challenge,
    responseSeconds: options.response,
  }
  return { ...durations, exitSeconds: leastExitSeconds(durations) }
}
