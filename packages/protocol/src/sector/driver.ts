/** Hands an observation to the agent, which resolves once it is durable: from then on the agent answers for it, and no crash loses it. Rejects when the agent can not keep it. */
export type EmitObservation = (
  /** Name of the device's key at the agent. */
  device: string,
  /** As the sector encodes observations, at most 1 024 bytes. */
  observation: Uint8Array,
  /** When the hardware delivered it, Unix ms by the agent's corrected clock. */
  receivedMs: number,
) => Promise<void>

/** What an agent gives a driver. Settings come from a file, so the driver parses them. */
export interface DriverOptions {
  readonly settings: unknown
  readonly emit: EmitObservation
  /** Unix ms, corrected. */
  readonly now: () => number
}

/** Something that keeps hardware from earning, and what its operator can do about it. */
export interface DriverProblem {
  /** What it is about, as `gateway 0016c001f0000001`. */
  readonly subject: string
  /** How often it happened since the start. */
  readonly count: number
  readonly problem: string
  readonly fix: string
}

export interface DriverStatus {
  readonly isRunning: boolean
  /** Where hardware connects, as `udp://127.0.0.1:1700`; undefined before the start. */
  readonly listensOn: string | undefined
  /** Since the start, by name. */
  readonly counts: Readonly<Record<string, number>>
  readonly problems: readonly DriverProblem[]
}

/** Speaks the protocol of existing hardware and turns what it says into observations. Runs inside an agent. */
export interface Driver {
  start(): Promise<void>
  /** Resolves when nothing more is emitted. */
  stop(): Promise<void>
  status(): DriverStatus
}

/** @throws BaseError naming the setting that is wrong */
export type DriverFactory = (options: DriverOptions) => Driver

/** What simulated hardware is made of. The same seed makes the same traffic. */
export interface SimulatedHardwareOptions {
  readonly count: number
  readonly seed: number
  /** Transmissions a second of all together. */
  readonly uplinksPerSecond: number
  /** The driver that listens. */
  readonly serverHost: string
  readonly serverPort: number
  readonly clock: {
    now(): number
    sleep(ms: number, signal?: AbortSignal): Promise<void>
  }
  readonly onError: (error: Error) => void
}

/** Hardware that is not there: it speaks the real protocol to a real driver, and says in every listing that it is simulated. */
export interface SimulatedHardware {
  readonly simulated: true
  /** What the driver knows each of them by. */
  readonly ids: readonly string[]
  start(): Promise<void>
  stop(): Promise<void>
  counts(): Readonly<Record<string, number>>
}

export type SimulatedHardwareFactory = (options: SimulatedHardwareOptions) => SimulatedHardware
