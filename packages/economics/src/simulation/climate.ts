import type { Shock } from './parameters.ts'

/** How the world differs from calm, today. */
export interface Climate {
  readonly sentiment: number
  readonly demand: number
  readonly hurdle: number
  /** Chance that an operator leaves for another network today. */
  readonly poachedPerDay: number
}

/** All shocks together, as of `epoch`. */
export function climateAt(shocks: readonly Shock[], epoch: number): Climate {
  let sentiment = 1
  let demand = 1
  let hurdle = 1
  let poachedPerDay = 0
  for (const shock of shocks) {
    if (epoch < shock.epoch) continue
    const progress = Math.min(1, (epoch - shock.epoch + 1) / shock.days)
    sentiment *= 1 + ((shock.sentiment ?? 1) - 1) * progress
    demand *= 1 + ((shock.demand ?? 1) - 1) * progress
    hurdle *= 1 + ((shock.hurdle ?? 1) - 1) * progress
    if (epoch < shock.epoch + shock.days) poachedPerDay += (shock.poached ?? 0) / shock.days
  }
  return { sentiment, demand, hurdle, poachedPerDay }
}
