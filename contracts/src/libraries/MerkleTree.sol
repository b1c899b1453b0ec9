// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice The trees without sums of spec 5: evidence (and batch), body, carry. A tree is named by the tag of its leaves; its nodes have the tag after it, its empty leaf the one after that.
library MerkleTree {
    uint8 internal constant EVIDENCE = 0x00;
    uint8 internal constant BODY = 0x10;
    uint8 internal constant CARRY = 0x50;

    /// @notice ⌈log2 max(count, 1)⌉.
    function depth(uint256 count) internal pure returns (uint256 d) {
        while (uint256(1) << d < count) ++d;
    }

    function leaf(uint8 tree, bytes memory content) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(tree, content));
    }

    function node(uint8 tree, bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(tree + 1, left, right));
    }

    function empty(uint8 tree) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(tree + 2));
    }

    /// @notice The root above `leafHash` at `position`, given its siblings from the leaf up.
    function process(uint8 tree, bytes32 leafHash, uint256 position, bytes32[] calldata path)
        internal
        pure
        returns (bytes32 hash)
    {
        hash = leafHash;
        for (uint256 level; level < path.length; ++level) {
            hash = position >> level & 1 == 0 ? node(tree, hash, path[level]) : node(tree, path[level], hash);
        }
    }

    /// @notice Whether `leafHash` stands at `position` of the tree of `count` leaves under `root`.
    function verify(
        uint8 tree,
        bytes32 root,
        uint256 count,
        bytes32 leafHash,
        uint256 position,
        bytes32[] calldata path
    ) internal pure returns (bool) {
        return position < count && path.length == depth(count)
            && process(tree, leafHash, position, path) == root;
    }
}
