import { EconomicsError } from '../economics-error.ts'
import type { EconomyParameters } from './parameters.ts'

export const scenarioNames = [
  'baseline',
  'bear-market',
  'competitor',
  'demand-collapse',
  'subsidy-end',
] as const
export type ScenarioName = (typeof scenarioNames)[number]

/** A named change of the parameters. */
export interface Scenario {
  readonly name: ScenarioName
  readonly title: string
  /** A sentence for people. */
  readonly description: string
  readonly apply: (parameters: EconomyParameters) => EconomyParameters
}

/** The scenarios, in the order reports show them. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'baseline',
    title: 'Baseline',
    description: 'Adoption grows, coverage pay sunsets into usage pay, nothing happens to the network.',
    apply: (parameters) => parameters,
  },
  {
    name: 'bear-market',
    title: 'Bear market',
    description:
      'After a year speculators lose 85 % of their confidence within 60 days, and it does not come back.',
    apply: (parameters) => withShocks(parameters, { epoch: 365, days: 60, sentiment: 0.15 }),
  },
  {
    name: 'competitor',
    title: 'Competitor',
    description:
      'After 18 months another network takes a quarter of the operators within 90 days and 30 % of the demand, and offers half as much again on hardware.',
    apply: (parameters) =>
      withShocks(
        parameters,
        { epoch: 548, days: 90, poached: 0.25, hurdle: 1.5 },
        { epoch: 548, days: 365, demand: 0.7 },
      ),
  },
  {
    name: 'demand-collapse',
    title: 'Demand collapse',
    description:
      'After two years 80 % of the potential demand is gone within 120 days; half of what went comes back over four years.',
    apply: (parameters) =>
      withShocks(parameters, { epoch: 730, days: 120, demand: 0.2 }, { epoch: 850, days: 1_460, demand: 3 }),
  },
  {
    name: 'subsidy-end',
    title: 'Subsidy end',
    description:
      'After three years nothing scheduled is emitted any more: operators live on payments and on what is burned.',
    apply: (parameters) => ({ ...parameters, token: { ...parameters.token, scheduleEnds: 1_095 } }),
  },
]

/**
 * The scenario with this name.
 *
 * @throws EconomicsError where there is none
 */
export function findScenario(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (found !== undefined) return found
  throw new EconomicsError({
    code: 'out_of_range',
    message: `There is no scenario ${JSON.stringify(name)}.`,
    fix: `Choose one of ${scenarioNames.join(', ')}.`,
    field: 'scenario',
    value: name,
  })
}

function withShocks(
  parameters: EconomyParameters,
  ...shocks: EconomyParameters['shocks']
): EconomyParameters {
  return { ...parameters, shocks: [...parameters.shocks, ...shocks] }
}
