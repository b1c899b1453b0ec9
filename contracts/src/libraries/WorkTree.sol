// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {MerkleTree} from "./MerkleTree.sol";
import {WorkLeaf, WorkNode, VerdictEntry} from "../types/Root.sol";

/// @notice The trees that sum work: the work tree and the verdict trees under its leaves. Spec 5.
library WorkTree {
    uint8 internal constant WORK = 0x30;
    uint8 internal constant VERDICT = 0x40;
    /// @notice Bytes of one sibling, or of one node in a dispute: hash ‖ sums u128 × 4.
    uint256 internal constant WIDTH = 96;

    function leaf(WorkLeaf memory entry) internal pure returns (WorkNode memory) {
        uint96[4] memory w = entry.work;
        bytes32 leafHash = keccak256(
            abi.encodePacked(WORK, entry.index, w[0], w[1], w[2], w[3], entry.verdictHash, entry.verdictCount)
        );
        return WorkNode(leafHash, sumsOf(w));
    }

    function leaf(VerdictEntry memory entry) internal pure returns (WorkNode memory) {
        uint96[4] memory w = entry.work;
        bytes32 leafHash = keccak256(
            abi.encodePacked(
                VERDICT, entry.slot, entry.index, entry.observation, entry.reason, w[0], w[1], w[2], w[3]
            )
        );
        return WorkNode(leafHash, sumsOf(w));
    }

    function empty(uint8 tree) internal pure returns (bytes32) {
        return MerkleTree.empty(tree);
    }

    function sumsOf(uint96[4] memory work) internal pure returns (uint128[4] memory sums) {
        for (uint256 p; p < 4; ++p) {
            sums[p] = work[p];
        }
    }

    function pack(WorkNode memory n) internal pure returns (bytes memory) {
        return abi.encodePacked(n.hash, n.sums[0], n.sums[1], n.sums[2], n.sums[3]);
    }

    function unpack(bytes calldata packed) internal pure returns (WorkNode memory n) {
        n.hash = bytes32(packed[0:32]);
        for (uint256 p; p < 4; ++p) {
            n.sums[p] = uint128(bytes16(packed[32 + 16 * p:48 + 16 * p]));
        }
    }

    function hash(uint8 tree, bytes memory left, bytes memory right) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(tree + 1, left, right));
    }

    function hash(uint8 tree, WorkNode memory left, WorkNode memory right) internal pure returns (bytes32) {
        return hash(tree, pack(left), pack(right));
    }

    /// @notice Whether the children's sums are the node's. In 256 bits, for sums that overflow are a fault that has to be provable.
    function addsUp(WorkNode memory left, WorkNode memory right, uint128[4] memory sums)
        internal
        pure
        returns (bool)
    {
        for (uint256 p; p < 4; ++p) {
            if (uint256(left.sums[p]) + right.sums[p] != sums[p]) return false;
        }
        return true;
    }

    /// @notice The top above the node `from` at `position` of its level, given siblings of 96 bytes from there up. Reverts where sums overflow.
    function process(uint8 tree, WorkNode memory from, uint256 position, bytes calldata siblings)
        internal
        pure
        returns (WorkNode memory top)
    {
        top = from;
        for (uint256 level; level < siblings.length / WIDTH; ++level) {
            bytes calldata packed = siblings[WIDTH * level:WIDTH * (level + 1)];
            WorkNode memory sibling = unpack(packed);
            top.hash =
                position >> level & 1 == 0 ? hash(tree, pack(top), packed) : hash(tree, packed, pack(top));
            for (uint256 p; p < 4; ++p) {
                top.sums[p] += sibling.sums[p];
            }
        }
    }

    /// @notice Whether the node `from`, `height` levels above the leaves at `position`, lies under the top of a tree of `count` leaves.
    function verify(
        uint8 tree,
        bytes32 topHash,
        uint128[4] memory topSums,
        uint256 count,
        WorkNode memory from,
        uint256 height,
        uint256 position,
        bytes calldata siblings
    ) internal pure returns (bool) {
        uint256 depth = MerkleTree.depth(count);
        if (
            height > depth || siblings.length != WIDTH * (depth - height) || position >> (depth - height) != 0
        ) return false;
        WorkNode memory top = process(tree, from, position, siblings);
        return top.hash == topHash && equal(top.sums, topSums);
    }

    function equal(uint128[4] memory a, uint128[4] memory b) internal pure returns (bool) {
        return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && a[3] == b[3];
    }
}
