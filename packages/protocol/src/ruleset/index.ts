export type { Json } from './canonical-json.ts'
export {
  type AdoptedPrograms,
  derivePrograms,
  isSamePrograms,
  type PerProgram,
} from './derive-programs.ts'
export {
  type Program,
  parseRuleset,
  RULESET_BYTES,
  type Ruleset,
  rulesetHash,
  serializeRuleset,
  type WeightShift,
} from './ruleset.ts'
export { RulesetError } from './ruleset-error.ts'
