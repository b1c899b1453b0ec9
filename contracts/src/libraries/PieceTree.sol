// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice The tree of a piece commitment (CommP): SHA-256 with the two highest bits of the last byte cleared, over 32-byte leaves, padded with zero leaves to a power of two.
///         FRC-0069 of the Filecoin improvement proposals; spec 10.
library PieceTree {
    /// @notice ⌈log2 leaves⌉: how many siblings are on the path of a leaf.
    function depth(uint256 leaves) internal pure returns (uint256 d) {
        while (uint256(1) << d < leaves) ++d;
    }

    /// @notice Whether `leaf` is the leaf at `index` under `root`, by its siblings from the leaf up.
    /// @dev The caller has checked how many there are: a shorter path would make a leaf of an inner hash.
    function verify(bytes32 root, bytes32 leaf, uint256 index, bytes32[] calldata path)
        internal
        view
        returns (bool ok)
    {
        bytes32 hash = leaf;
        assembly ("memory-safe") {
            ok := 1
            let end := add(path.offset, shl(5, path.length))
            for { let sibling := path.offset } lt(sibling, end) { sibling := add(sibling, 32) } {
                // The hash goes left where the index has a zero, and the sibling to the other side.
                let side := shl(5, and(index, 1))
                mstore(side, hash)
                mstore(xor(side, 32), calldataload(sibling))
                ok := and(ok, staticcall(gas(), 2, 0, 64, 0, 32))
                hash := and(mload(0), 0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff3f)
                index := shr(1, index)
            }
        }
        return ok && hash == root;
    }
}
