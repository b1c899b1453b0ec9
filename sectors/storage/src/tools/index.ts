/**
 * What `cairn storage` and `cairn simulate storage` need of the sector: pure functions, given what the program has read, and who speaks to a gateway.
 *
 * @packageDocumentation
 */
export { deriveOdds } from '../odds/derive-odds.ts'
export { reputation } from '../reputation/reputation-tools.ts'
export { simulateStorage } from '../simulation/simulate-storage.ts'
export { openPublisher } from './open-publisher.ts'
