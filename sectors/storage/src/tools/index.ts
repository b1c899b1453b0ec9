/**
 * What `cairn storage` and `cairn simulate storage` need of the sector: pure functions, given what the program has read, and who speaks to a gateway or an operator.
 *
 * @packageDocumentation
 */

export { sortBundleRows } from '../bundle/bundle-list.ts'
export { deriveOdds } from '../odds/derive-odds.ts'
export { createOperatorClient } from '../operator-client/create-operator-client.ts'
export { createOrderSource } from '../operator-client/create-order-source.ts'
export { derivePiece } from '../piece/piece-hasher.ts'
export { reputation } from '../reputation/reputation-tools.ts'
export { simulateStorage } from '../simulation/simulate-storage.ts'
export { signBundle } from '../wire/bundle-agreement.ts'
export { encodeDescriptor } from '../wire/slab-descriptor.ts'
export { openPublisher } from './open-publisher.ts'
export { openSigner } from './open-signer.ts'
export { readGatewayRecords } from './read-gateway-records.ts'
