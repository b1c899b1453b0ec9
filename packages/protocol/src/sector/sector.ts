import type { NetworkId } from '../identity.ts'
import type { DriverFactory, SimulatedHardwareFactory } from './driver.ts'
import type { GatewayFactory } from './gateway.ts'

/** One amount per reward program of the ruleset, in the ruleset's order; each ≥ 0 and < 2^96. */
export type Work = readonly bigint[]

/** What a sector says of one observation. */
export interface Verdict {
  /** 0: accepted. 100 and above: the sector's own reasons. */
  readonly reason: number
  /** What was measured, for people: `rewards explain` shows it next to the threshold. */
  readonly measured?: string
  readonly threshold?: string
  /** The sector's own measure of what the observation is worth, for `reward` to turn into work. */
  readonly credit?: bigint
}

/** An observation with everything about its report that a rule may look at. */
export interface PartitionItem<Observation> {
  readonly device: number
  readonly deviceClass: number
  readonly slot: number
  readonly index: number
  readonly observationIndex: number
  /** The device's own clock when it signed, ms. Not to be trusted. */
  readonly timeMs: number
  readonly observation: Observation
}

/** All observations of one partition of one epoch, in (slot, index, observation) order. */
export interface PartitionInput<Observation> {
  readonly key: string
  readonly items: readonly PartitionItem<Observation>[]
  /** What `verify` returned for this partition when it last had observations; undefined when never, or too long ago. */
  readonly carry: Uint8Array | undefined
}

export interface PartitionResult {
  /** One verdict per item, in the items' order. */
  readonly verdicts: readonly Verdict[]
  /** At most 1 024 bytes to be handed back next time; undefined keeps nothing. */
  readonly carry: Uint8Array | undefined
}

/** What is the same for every partition of an epoch. */
export interface EpochContext<Params> {
  readonly network: NetworkId
  readonly epoch: number
  /** Bounds of the epoch by block time, ms. */
  readonly startMs: number
  readonly endMs: number
  /** 32 bytes that nobody could choose. */
  readonly beacon: Uint8Array
  readonly params: Params
  /** Names of the ruleset's reward programs, in order. */
  readonly programs: readonly string[]
}

/** Loads a part of a sector that touches the world, only where it is used. */
type Facet<T> = () => Promise<T>

/**
 * A kind of hardware: what its devices report, what is believed of it, and what it is worth.
 *
 * Everything but `facets` feeds roots: it is pure, depends on nothing but its arguments, and gives the same under every JavaScript engine (spec 4).
 */
export interface Sector<Observation = unknown, Params = unknown, Facets extends SectorFacets = SectorFacets> {
  /** Short lower-case name; part of the ruleset and of carry keys. */
  readonly id: string
  /** Version of the rules. A change that could change any root raises it. */
  readonly version: number
  readonly title: string
  readonly defaultPrograms: readonly { readonly name: string; readonly weightBps: number }[]
  readonly defaultParams: Params
  /** @throws BaseError naming the parameter that is wrong */
  parseParams(json: unknown): Params
  /** Reason codes from 100 up, each with one sentence for people. */
  readonly reasons: Readonly<Record<number, string>>
  /** @throws BaseError on bytes that are not an observation of this sector; called on untrusted input */
  parse(bytes: Uint8Array, params: Params): Observation
  /** Observations with equal keys are verified together. At most 64 printable ASCII characters. */
  partition(observation: Observation): string
  verify(input: PartitionInput<Observation>, context: EpochContext<Params>): PartitionResult
  /** Work per verdict, in the verdicts' order; zero for rejected ones. */
  reward(verdicts: readonly Verdict[], context: EpochContext<Params>): readonly Work[]
  /** An observation as people read it. */
  describe(observation: Observation): Readonly<Record<string, string | number>>
  readonly facets: Facets
}

/** What a device would report in one epoch, honest or not: for simulated networks and the conformance suite. Labelled by name wherever it runs. */
export interface DeviceModel {
  readonly name: string
  readonly honest: boolean
  /** Observations of one device in one epoch. `random` is seeded, in [0, 1). */
  observe(scene: {
    readonly device: number
    readonly epoch: number
    readonly startMs: number
    readonly endMs: number
    readonly random: () => number
  }): readonly Uint8Array[]
}

/** The parts of a sector that are not pure. Which ones a program can use is its own business; it loads them by name. */
export interface SectorFacets {
  /** The agent's driver for the sector's hardware. */
  readonly agent?: Facet<DriverFactory>
  /** What serves the sector's customers. */
  readonly gateway?: Facet<GatewayFactory>
  readonly cli?: Facet<unknown>
  readonly explorer?: Facet<unknown>
  readonly simulate?: Facet<readonly DeviceModel[]>
  /** Simulated hardware for the driver to serve. */
  readonly hardware?: Facet<SimulatedHardwareFactory>
}

/** Gives a sector its type without repeating it. */
export function defineSector<Observation, Params, Facets extends SectorFacets>(
  sector: Sector<Observation, Params, Facets>,
): Sector<Observation, Params, Facets> {
  return sector
}
