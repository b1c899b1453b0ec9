/**
 * What tests share: devices with real keys, epochs of evidence, seeded randomness, and the suites that prove an implementation of a seam.
 *
 * @packageDocumentation
 */

export {
  type CairnProcess,
  type CairnProcessOptions,
  type CairnResult,
  runCairn,
  startCairn,
} from './cairn-process.ts'
export {
  type ContractChain,
  type ContractNetwork,
  type ContractNetworkOptions,
  createContractNetwork,
  type LocalDevice,
  startContractChain,
} from './contract-network.ts'
export { type DiskTown, openDiskTown } from './disk-town.ts'
export {
  type ProcessNetwork,
  type ProcessNetworkOptions,
  type ServiceName,
  serviceNames,
  startProcessNetwork,
} from './process-network.ts'
export { type ConformanceOptions, testSector } from './sector-conformance.ts'
export { seededRandom } from './seeded-random.ts'
export { createTestDevices, type TestDevice, type TestReportFields } from './test-device.ts'
export {
  defaultRuleset,
  EPOCH_MS,
  TEST_NETWORK,
  testEpoch,
  testInput,
  testMeans,
  testSlot,
  testSnapshot,
} from './test-epoch.ts'
