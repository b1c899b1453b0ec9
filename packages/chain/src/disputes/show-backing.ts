import { type DeviceKey, type Hex, type Root, toHex, type VerdictEntry } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { encodeDeviceKey, encodeP256Signature } from '../devices/encode-device.ts'
import { disputesAbi } from '../generated/disputes.ts'
import { noRoot } from '../settlement/no-root.ts'

/** What {@link showBacking} needs. */
export interface ShowBackingArgs {
  readonly id: bigint
  readonly root: Root
  /** Left out for the first root. */
  readonly parent?: Root
  readonly entry: VerdictEntry
  /** 83 bytes. */
  readonly header: Uint8Array
  readonly key: DeviceKey
  readonly signature: Uint8Array
  readonly evidencePath: readonly Hex[]
  readonly observation: Uint8Array
  readonly bodyPath: readonly Hex[]
}

/** Answers kind 4: the signed header, its path in the evidence, the key and the observation's path in the body. Anybody. */
export function showBacking(
  deployment: Deployment,
  { id, root, parent, entry, header, key, signature, evidencePath, observation, bodyPath }: ShowBackingArgs,
): Call {
  return encodeCall({
    contract: 'Disputes',
    to: deployment.addresses.disputes,
    abi: disputesAbi,
    functionName: 'showBacking',
    args: [
      id,
      root,
      parent ?? noRoot,
      entry,
      {
        header: toHex(header),
        key: encodeDeviceKey(key),
        signature: encodeP256Signature(signature),
        evidencePath,
        observation: toHex(observation),
        bodyPath,
      },
    ],
  })
}
