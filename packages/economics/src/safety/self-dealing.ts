import { least, mulDivUp } from '../arithmetic/mul-div.ts'
import { BPS } from '../arithmetic/units.ts'
import { type Inequality, inequality, type Remedy } from './inequality.ts'
import type { SafetyParameters } from './safety-parameters.ts'

/**
 * Who buys from itself pays for it: of 10 000 spent the seller's share s comes back, and of the rest, which is burned, at most r as reward for
 * work that was bought. For the program where most comes back:
 *
 *     B − s − ⌈(B − s) · r / B⌉  ≥  1
 */
export function selfDealing({ sellerBps, returnBps }: SafetyParameters): Inequality {
  const programs = sellerBps.map((share, program) => ({
    share: BigInt(share),
    returned: BigInt(returnBps[program] ?? 0),
  }))
  const left = programs.map(lostBps).reduce(least, BPS)
  return inequality({
    name: 'self-dealing',
    left,
    right: 1n,
    unit: 'bps',
    meaning: 'lost of 10 000 that somebody spends on its own service ≥ something',
    remedy: remedyFor(programs.find((program) => lostBps(program) === left) ?? { share: 0n, returned: 0n }),
  })
}

interface Program {
  readonly share: bigint
  readonly returned: bigint
}

function lostBps({ share, returned }: Program): bigint {
  const burned = BPS - share
  return burned - mulDivUp(burned, returned, BPS)
}

/** Where everything that is burned comes back, no seller's share helps. */
function remedyFor({ share, returned }: Program): Remedy {
  if (returned < BPS)
    return { parameter: 'sellerBps', bound: 'most', value: BPS - mulDivUp(BPS, 1n, BPS - returned) }
  const burned = share < BPS ? BPS - share : BPS
  return { parameter: 'returnBps', bound: 'most', value: BPS - mulDivUp(BPS, 1n, burned) }
}
