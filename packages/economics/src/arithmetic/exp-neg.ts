import { Q128 } from './units.ts'

/**
 * Coefficients of a rational approximation of e^−x, highest power first, in Q.128
 * (filecoin-project/builtin-actors, actors/reward/src/expneg.rs).
 */
const numerator = [
  -648770010757830093818553637600n,
  67469480939593786226847644286976n,
  -3197587544499098424029388939001856n,
  89244641121992890118377641805348864n,
  -1579656163641440567800982336819953664n,
  17685496037279256458459817590917169152n,
  -115682590513835356866803355398940131328n,
  340282366920938463463374607431768211456n,
]
const denominator = [
  1225524182432722209606361n,
  114095592300906098243859450n,
  5665570424063336070530214243n,
  194450132448609991765137938448n,
  5068267641632683791026134915072n,
  104716890604972796896895427629056n,
  1748338658439454459487681798864896n,
  23704654329841312470660182937960448n,
  259380097567996910282699886670381056n,
  2250336698853390384720606936038375424n,
  14978272436876548034486263159246028800n,
  72144088983913131323343765784380833792n,
  224599776407103106596571252037123047424n,
  340282366920938463463374607431768211456n,
]

/** Above this argument, 5 in Q.128, the approximation is not used. */
export const EXP_NEG_MAX = 5n * Q128

/**
 * e^−x, both in Q.128, for 0 ≤ x ≤ 5: off by less than 3.4e-30 below 1.725 and by less than 4.6e-15 up to 5.
 *
 * Products in Horner's scheme are shifted right, which rounds towards minus infinity as Solidity's `>>` of an `int256` does.
 */
export function expNeg(x: bigint): bigint {
  return floorDiv(evaluate(numerator, x) << 128n, evaluate(denominator, x))
}

function evaluate(coefficients: readonly bigint[], x: bigint): bigint {
  return coefficients.reduce((sum, coefficient) => ((sum * x) >> 128n) + coefficient, 0n)
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a < 0n !== b < 0n && quotient * b !== a ? quotient - 1n : quotient
}
