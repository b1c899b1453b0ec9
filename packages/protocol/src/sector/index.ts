export { carryKey } from './carry-key.ts'
export type {
  Driver,
  DriverFactory,
  DriverOptions,
  DriverProblem,
  DriverStatus,
  EmitObservation,
  SimulatedHardware,
  SimulatedHardwareFactory,
  SimulatedHardwareOptions,
} from './driver.ts'
export type { Gateway, GatewayFactory, GatewayOptions } from './gateway.ts'
export { REASON, REASON_TEXT } from './reasons.ts'
export {
  type DeviceModel,
  defineSector,
  type EpochContext,
  type PartitionInput,
  type PartitionItem,
  type PartitionResult,
  type Sector,
  type SectorFacets,
  type Verdict,
  type Work,
} from './sector.ts'
