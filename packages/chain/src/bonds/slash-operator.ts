import type { NetworkId, Root } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import { encodeWorkLeafProof, type WorkLeafProof } from '../challenges/proofs.ts'
import type { Deployment } from '../deployment.ts'
import { operatorBondsAbi } from '../generated/operator-bonds.ts'

/** What {@link slashOperator} needs. */
export interface SlashOperatorArgs {
  readonly network: NetworkId
  /** A final one. */
  readonly root: Root
  /** The device's leaf in it. */
  readonly work: WorkLeafProof
}

/** Executes the faults that a final root found of a device, from anybody, once. */
export function slashOperator(deployment: Deployment, { network, root, work }: SlashOperatorArgs): Call {
  return encodeCall({
    contract: 'OperatorBonds',
    to: deployment.addresses.operatorBonds,
    abi: operatorBondsAbi,
    functionName: 'slash',
    args: [network, root, encodeWorkLeafProof(work)],
  })
}
