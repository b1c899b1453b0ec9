import { BaseError, derivePrograms, isSamePrograms, parseRuleset, type Sector } from '@cairn/protocol'
import type { DescribedAction } from './describe-action.ts'
import { GovernanceError } from './open-governance.ts'

/**
 * Why verifiers could not settle under a ruleset that is to be adopted; undefined where they could. The chain takes any document, and a network under one of these has no
 * roots until it adopts another.
 */
export function whyUnsettleable(
  sectors: ReadonlyMap<string, Sector>,
  { document, args }: DescribedAction,
): string | undefined {
  if (document === undefined) return undefined
  try {
    const ruleset = parseRuleset(document)
    const sector = sectors.get(ruleset.sector)
    if (sector === undefined || sector.version !== ruleset.version)
      return `this release does not know ${ruleset.sector} version ${ruleset.version}`
    sector.parseParams(ruleset.params)
    const told = args[2] as Parameters<typeof isSamePrograms>[0]
    if (!isSamePrograms(derivePrograms(ruleset), told))
      return 'the chain would be told other weights or bounds than the document says'
    return undefined
  } catch (error) {
    if (!(error instanceof BaseError)) throw error
    return error.message.split('\n\n')[0]
  }
}

/** @throws GovernanceError for calls after which no root could be made */
export function requireSettleable(
  sectors: ReadonlyMap<string, Sector>,
  actions: readonly DescribedAction[],
): void {
  for (const action of actions) {
    const why = whyUnsettleable(sectors, action)
    if (why === undefined) continue
    throw new GovernanceError({
      code: 'unsettleable',
      field: action.name,
      value: why,
      message: `Nothing was proposed: verifiers could not settle under this ruleset, and the network would have no roots. The reason: ${why}.`,
      fix: 'Correct the ruleset; where verifiers already run a release that knows it, --force proposes it.',
    })
  }
}
