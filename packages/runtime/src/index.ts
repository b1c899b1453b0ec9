export { type Clock, type ManualClock, manualClock, systemClock } from './clock.ts'
export {
  ConfigError,
  type ConfigProblem,
  type ConfigSources,
  envName,
  parseConfig,
} from './config/parse-config.ts'
export { fileExists } from './files/file-exists.ts'
export { FolderInUseError, type FolderLock, lockFolder } from './files/lock-folder.ts'
export { type LastGood, readLastGood } from './files/read-last-good.ts'
export { syncFolder } from './files/sync-folder.ts'
export { isMissing, type WriteAtomicOptions, writeAtomic } from './files/write-atomic.ts'
export { type DeviceSigner, deviceKeyOf, deviceSigner, generateDevicePrivateKey } from './keys/device-key.ts'
export {
  type KeyFile,
  type KeyKind,
  KeystoreError,
  openKey,
  parseKeyFile,
  readKey,
  type SealKeyOptions,
  sealKey,
  writeKeyFile,
} from './keys/keystore.ts'
export { createVerifyP256, sha256 } from './keys/node-crypto.ts'
export {
  createLifecycle,
  type Lifecycle,
  type LifecycleOptions,
  type Started,
  type Stop,
} from './lifecycle.ts'
export { AddressNotAvailableError, listen } from './listen.ts'
export { AnvilMissingError, findAnvil } from './local-chain/anvil-binary.ts'
export {
  ChainStateError,
  findChainState,
  removeChainState,
  type SavedChainState,
  saveChainState,
} from './local-chain/chain-state.ts'
export { freePort, isPortFree, isPortOpen, NoFreePortError } from './local-chain/port.ts'
export { AnvilError, type AnvilOptions, type LocalChain, startAnvil } from './local-chain/start-anvil.ts'
export { createLogger, isSecretName, type Logger, type LoggerOptions, redact } from './log/create-logger.ts'
export { Counter, createRegistry, Gauge, Histogram, type Registry } from './metrics.ts'
export { fileObjectStore, ObjectIdError, type ObjectStore } from './objects/file-object-store.ts'
export { AbortError, type RetryOptions, retry } from './retry.ts'
