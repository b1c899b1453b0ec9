// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Spec 5's payout tree once more, in full and slowly, for tests to compare with.
library PayoutTreeFixture {
    struct Tree {
        bytes32[][] hashes; // by level, leaves first
        uint128[][] sums;
    }

    function build(uint128[] memory cumulatives) internal pure returns (Tree memory tree) {
        uint256 depth = depthOf(cumulatives.length);
        tree.hashes = new bytes32[][](depth + 1);
        tree.sums = new uint128[][](depth + 1);
        tree.hashes[0] = new bytes32[](1 << depth);
        tree.sums[0] = new uint128[](1 << depth);
        for (uint256 i = 0; i < 1 << depth; ++i) {
            bool used = i < cumulatives.length;
            tree.hashes[0][i] = used
                ? keccak256(abi.encodePacked(bytes1(0x20), uint32(i), cumulatives[i]))
                : keccak256(abi.encodePacked(bytes1(0x22)));
            tree.sums[0][i] = used ? cumulatives[i] : 0;
        }
        for (uint256 level = 1; level <= depth; ++level) {
            uint256 width = 1 << (depth - level);
            tree.hashes[level] = new bytes32[](width);
            tree.sums[level] = new uint128[](width);
            for (uint256 i = 0; i < width; ++i) {
                tree.hashes[level][i] = keccak256(
                    bytes.concat(
                        bytes1(0x21), sibling(tree, level - 1, 2 * i), sibling(tree, level - 1, 2 * i + 1)
                    )
                );
                tree.sums[level][i] = tree.sums[level - 1][2 * i] + tree.sums[level - 1][2 * i + 1];
            }
        }
    }

    function depthOf(uint256 count) internal pure returns (uint256 depth) {
        while (1 << depth < count) ++depth;
    }

    function sibling(Tree memory tree, uint256 level, uint256 position) internal pure returns (bytes memory) {
        return abi.encodePacked(tree.hashes[level][position], tree.sums[level][position]);
    }

    function rootOf(Tree memory tree) internal pure returns (bytes32 hash, uint128 sum) {
        uint256 depth = tree.hashes.length - 1;
        return (tree.hashes[depth][0], tree.sums[depth][0]);
    }

    function topOf(Tree memory tree) internal pure returns (bytes32) {
        (bytes32 hash, uint128 sum) = rootOf(tree);
        return keccak256(abi.encodePacked(bytes1(0x2f), hash, sum));
    }

    function prove(Tree memory tree, uint256 index) internal pure returns (bytes memory siblings) {
        return proveRun(tree, index, 1);
    }

    function proveRun(Tree memory tree, uint256 first, uint256 count)
        internal
        pure
        returns (bytes memory siblings)
    {
        uint256 last = first + count - 1;
        for (uint256 level = 0; level + 1 < tree.hashes.length; ++level) {
            if (first % 2 == 1) siblings = bytes.concat(siblings, sibling(tree, level, first - 1));
            if (last % 2 == 0) siblings = bytes.concat(siblings, sibling(tree, level, last + 1));
            (first, last) = (first / 2, last / 2);
        }
    }
}
