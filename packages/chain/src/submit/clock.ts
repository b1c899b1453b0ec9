/** Time as an argument; `systemClock` of the runtime fits. */
export interface Clock {
  /** Unix time in milliseconds. */
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
