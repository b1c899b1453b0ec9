import { challengeWindow, exit, response } from './clocks.ts'
import { colludingVerifiers } from './colluding-verifiers.ts'
import { griefing } from './griefing.ts'
import type { Inequality } from './inequality.ts'
import { lateness, withholding } from './ingests.ts'
import { operators } from './operators.ts'
import { quorum } from './quorum.ts'
import { requireAssumptions, type SafetyAssumptions, type SafetyParameters } from './safety-parameters.ts'
import { selfDealing } from './self-dealing.ts'
import { lazyVerifier, lazyWatcher, watchingPays } from './watchers.ts'

/**
 * The inequalities that make cheating unprofitable in a network (spec 7, Safety), in a fixed order.
 *
 * @param isLocal leaves out those about clocks, which a chain of one's own needs not
 * @throws EconomicsError `out_of_range` for assumptions that nothing follows from
 */
export function deriveSafety(
  parameters: SafetyParameters,
  assumptions: SafetyAssumptions,
  { isLocal }: { readonly isLocal: boolean },
): Inequality[] {
  requireAssumptions(assumptions)
  const { operator, sellerBps } = parameters
  return [
    colludingVerifiers(parameters, assumptions),
    watchingPays(parameters, assumptions),
    lazyWatcher(parameters, assumptions),
    lazyVerifier(parameters, assumptions),
    griefing(parameters, assumptions),
    withholding(parameters, assumptions),
    lateness(parameters),
    ...(operator === undefined ? [] : [operators(operator)]),
    ...(sellerBps.length === 0 ? [] : [selfDealing(parameters)]),
    ...(isLocal
      ? []
      : [response(parameters, assumptions), challengeWindow(parameters), exit(parameters, assumptions)]),
    quorum(parameters),
  ]
}
