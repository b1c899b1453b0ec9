/**
 * What a LoRaWAN PHYPayload holds, for LoRaWAN 1.0 and 1.1 (LoRa Alliance, LoRaWAN 1.1 Specification §4 and §6.2;
 * 1.0.4 differs in keys only). DevAddr, EUIs and NetID are lower-case hex, most significant byte first, the reverse of
 * the wire. `rfu` is bits 4 to 2 of MHDR, which receivers ignore and re-encoding must keep.
 */
export type Frame = JoinRequest | JoinAccept | DataFrame | RejoinRequest | Proprietary

/** A device asks to join. */
export type JoinRequest = {
  readonly kind: 'joinRequest'
  readonly rfu: number
  /** JoinEUI of 1.1, AppEUI of 1.0. */
  readonly joinEui: string
  readonly devEui: string
  readonly devNonce: number
  /** Four bytes. */
  readonly mic: Uint8Array
}

/** The answer to a join; all but MHDR is encrypted with a key only device and join server hold, so it stays opaque. */
export type JoinAccept = {
  readonly kind: 'joinAccept'
  readonly rfu: number
  /** 16 bytes, or 32 with a channel list; the MIC is inside. */
  readonly encrypted: Uint8Array
}

/** The flags of FCtrl; bits mean different things by direction. */
export type FrameControl = {
  readonly adr: boolean
  /** Up: ADRACKReq. Down: reserved. */
  readonly adrAckReq: boolean
  readonly ack: boolean
  /** Up: the device is in class B. Down: more frames wait (FPending). */
  readonly pendingOrClassB: boolean
}

/** Application data or MAC commands. */
export type DataFrame = {
  readonly kind: 'data'
  readonly rfu: number
  readonly direction: 'up' | 'down'
  readonly confirmed: boolean
  readonly devAddr: string
  readonly fCtrl: FrameControl
  /** The low 16 bits of the frame counter. */
  readonly fCnt: number
  /** MAC commands, at most 15 bytes; encrypted in 1.1. */
  readonly fOpts: Uint8Array
  /** Absent in frames without a payload; 0 means MAC commands. */
  readonly fPort?: number
  /** Encrypted. */
  readonly frmPayload: Uint8Array
  /** Four bytes. */
  readonly mic: Uint8Array
}

/** A 1.1 device tells it is still there: types 0 and 2 name the network, type 1 the join server. */
export type RejoinRequest =
  | {
      readonly kind: 'rejoinRequest'
      readonly rfu: number
      readonly rejoinType: 0 | 2
      readonly netId: string
      readonly devEui: string
      readonly rjCount: number
      readonly mic: Uint8Array
    }
  | {
      readonly kind: 'rejoinRequest'
      readonly rfu: number
      readonly rejoinType: 1
      readonly joinEui: string
      readonly devEui: string
      readonly rjCount: number
      readonly mic: Uint8Array
    }

/** A format of one's own; beacons between gateways use it. */
export type Proprietary = {
  readonly kind: 'proprietary'
  readonly rfu: number
  /** Everything after MHDR; the specification reserves no MIC in it. */
  readonly body: Uint8Array
}

/** The most a LoRa radio carries. */
export const MAX_PHY_PAYLOAD_BYTES = 255

export const MIC_BYTES = 4
