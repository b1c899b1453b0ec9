import { type Address, decodeAbiParameters, encodeDeployData } from 'viem'
import { create } from '../deploy/deploy-singletons.ts'
import { drandBeaconAbi, drandBeaconBytecode } from '../generated/drand-beacon.ts'
import type { Submitter } from '../submit/create-submitter.ts'
import type { DrandChain } from './drand-chain.ts'

/** Deploys the contract that knows the rounds of a drand chain, for networks to name as their beacon. Reverts for a key that is no point of G2, and on a chain without the precompiles of BN254. */
export function createDrandBeacon(
  submitter: Submitter,
  { publicKey, genesis, period }: DrandChain,
): Promise<Address> {
  const [xImaginary, xReal, yImaginary, yReal] = decodeAbiParameters(
    [{ type: 'uint256' }, { type: 'uint256' }, { type: 'uint256' }, { type: 'uint256' }],
    publicKey,
  )
  const data = encodeDeployData({
    abi: drandBeaconAbi,
    bytecode: drandBeaconBytecode,
    args: [{ xImaginary, xReal, yImaginary, yReal }, genesis, period],
  })
  return create(submitter, { name: 'DrandBeacon', data })
}
