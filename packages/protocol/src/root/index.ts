export { encodeRoot, type Root, rootId } from './root.ts'
export { RootError } from './root-error.ts'
export { deriveTops, type TopPayoutNode, type Tops, type TopWorkNode, verifyTops } from './tops.ts'
