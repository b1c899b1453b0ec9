import type { Hex } from '@cairn/protocol'
import { type Address, encodeAbiParameters, keccak256 } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { challengesAbi } from '../generated/challenges.ts'

/**
 * What announces a challenge: keccak256(abi.encode(challenger, keccak256(calldata))), spec 6. The salt at the end of the calldata hides
 * what the challenge says, so it must be 32 random bytes.
 */
export function challengeCommitment(challenger: Address, challenge: Call): Hex {
  return keccak256(
    encodeAbiParameters([{ type: 'address' }, { type: 'bytes32' }], [challenger, keccak256(challenge.data)]),
  )
}

/** Announces a challenge to the contract that will get it. The challenge itself follows at least one block later, by the same account. */
export function commitChallenge(challenger: Address, challenge: Call): Call {
  return encodeCall({
    contract: challenge.name.split('.')[0] ?? 'Challenges',
    to: challenge.to,
    abi: challengesAbi,
    functionName: 'commit',
    args: [challengeCommitment(challenger, challenge)],
  })
}
