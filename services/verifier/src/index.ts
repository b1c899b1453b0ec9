/**
 * The verifier: keeps evidence, recomputes epochs, attests to roots and defends them.
 *
 * @packageDocumentation
 */
export { type Candidate, candidates } from './candidates.ts'
export { createVerifier, type Verifier, type VerifierOptions } from './create-verifier.ts'
