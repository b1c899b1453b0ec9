import type { Hex } from '@cairn/protocol'

/** A drand chain of the scheme bls-bn254-unchained-on-g1, as `/v2/beacons/<id>/info` of any of its endpoints describes it. */
export interface DrandChain {
  /** Hash of the chain's description, by which endpoints name it. */
  readonly chainHash: Hex
  /** 128 bytes: a point of G2, uncompressed, imaginary parts first. */
  readonly publicKey: Hex
  /** Unix seconds of round 1. */
  readonly genesis: bigint
  /** Seconds from one round to the next. */
  readonly period: bigint
}

/** The public chain for contracts, run by the League of Entropy: a round every three seconds. From https://api.drand.sh/v2/beacons/evmnet/info */
export const evmnet: DrandChain = {
  chainHash: '0x04f1e9062b8a81f848fded9c12306733282b2727ecced50032187751166ec8c3',
  publicKey:
    '0x07e1d1d335df83fa98462005690372c643340060d205306a9aa8106b6bd0b3820557ec32c2ad488e4d4f6008f89a346f18492092ccc0d594610de2732c8b808f0095685ae3a85ba243747b1b2f426049010f6b73a0cf1d389351d5aaaa1047f6297d3a4f9749b33eb2d904c9d9ebf17224150ddd7abd7567a9bec6c74480ee0b',
  genesis: 1_727_521_075n,
  period: 3n,
}
