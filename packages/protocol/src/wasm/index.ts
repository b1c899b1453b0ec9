/**
 * Writes small WebAssembly modules, for the loops that JavaScript can not run at the speed of the machine.
 *
 * @packageDocumentation
 */
export {
  access,
  type FunctionWriter,
  instruction,
  type ValueType,
  valueType,
  writeFunction,
} from './function.ts'
export { encodeModule, type ModuleParts } from './module.ts'
