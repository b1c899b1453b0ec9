export type { Json } from './canonical-json.ts'
export {
  type Program,
  parseRuleset,
  RULESET_BYTES,
  type Ruleset,
  rulesetHash,
  serializeRuleset,
} from './ruleset.ts'
export { RulesetError } from './ruleset-error.ts'
