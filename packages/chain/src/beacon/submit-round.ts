import { BaseError, type Hex } from '@cairn/protocol'
import { type Address, decodeAbiParameters, size } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { drandBeaconAbi } from '../generated/drand-beacon.ts'

/** What {@link submitRound} needs. */
export interface SubmitRoundArgs {
  /** The contract of the drand chain's rounds. */
  readonly beacon: Address
  readonly round: bigint
  /** 64 bytes, as drand's endpoints give it: a point of G1, uncompressed. */
  readonly signature: Hex
}

/** The signature is none of this scheme; code `signature_malformed`. */
export class DrandError extends BaseError {
  override readonly name = 'DrandError'
}

/** Brings a round of drand to the chain, which checks the signature; anybody, and again without effect. Throws {@link DrandError} unless the signature has 64 bytes. */
export function submitRound({ beacon, round, signature }: SubmitRoundArgs): Call {
  if (size(signature) !== 64) {
    throw new DrandError({
      code: 'signature_malformed',
      message: `The signature of round ${round} has ${size(signature)} bytes; one of bls-bn254-unchained-on-g1 has 64.`,
      fix: 'Ask for the round of the chain that the beacon was made for: other chains sign on other curves.',
      field: 'signature',
      value: signature,
    })
  }
  const [x, y] = decodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }], signature)
  return encodeCall({
    contract: 'DrandBeacon',
    to: beacon,
    abi: drandBeaconAbi,
    functionName: 'submit',
    args: [round, { x, y }],
  })
}
