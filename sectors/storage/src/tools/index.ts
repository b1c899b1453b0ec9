/**
 * What `cairn storage` and `cairn simulate storage` compute: pure functions, given what the program has read.
 *
 * @packageDocumentation
 */
export { deriveOdds, type Odds, type OddsCase } from '../odds/derive-odds.ts'
