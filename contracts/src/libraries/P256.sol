// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice P-256 signatures through the precompile of EIP-7951, with the low-s rule of spec 1.
library P256 {
    uint256 private constant PRECOMPILE = 0x100;

    /// @dev ⌊n/2⌋ for the group order n of SEC 2, secp256r1: of (r, s) and (r, n − s) one is at or below it.
    uint256 private constant HALF_ORDER = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8;

    // RFC 6979, appendix A.2.5: P-256, SHA-256, message "test" (its s is low).
    bytes32 private constant PROBE_DIGEST =
        0x9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08;
    bytes32 private constant PROBE_R = 0xf1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367;
    bytes32 private constant PROBE_S = 0x019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083;
    bytes32 private constant PROBE_X = 0x60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6;
    bytes32 private constant PROBE_Y = 0x7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299;

    /// @notice Whether (r, s) with s ≤ n/2 is the key's signature over the digest. False, never a revert, for anything else.
    function verify(bytes32 digest, bytes32 r, bytes32 s, bytes32 x, bytes32 y)
        internal
        view
        returns (bool valid)
    {
        if (uint256(s) > HALF_ORDER) return false;
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, digest)
            mstore(add(input, 0x20), r)
            mstore(add(input, 0x40), s)
            mstore(add(input, 0x60), x)
            mstore(add(input, 0x80), y)
            // An invalid signature, and an address without code, return nothing at all: the size has to be looked at too.
            mstore(0x00, 0)
            let called := staticcall(gas(), PRECOMPILE, input, 0xa0, 0x00, 0x20)
            valid := and(and(called, eq(returndatasize(), 0x20)), eq(mload(0x00), 1))
        }
    }

    /// @notice Whether the precompile is there: it accepts a known signature and refuses the same one for another digest.
    function probe() internal view returns (bool) {
        return verify(PROBE_DIGEST, PROBE_R, PROBE_S, PROBE_X, PROBE_Y)
            && !verify(~PROBE_DIGEST, PROBE_R, PROBE_S, PROBE_X, PROBE_Y);
    }
}
