// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NodePlace, TreeKind} from "../interfaces/IDisputes.sol";
import {Root} from "../types/Root.sol";
import {MerkleTree} from "./MerkleTree.sol";

/// @notice The four trees of a root as disputes see them: nodes are bytes, hash (32) ‖ sums (u128 each), and every tree makes its nodes and leaves alike. Spec 5.
library DisputeTrees {
    uint256 private constant PAYOUT_LEAF = 20;
    uint256 private constant WORK_LEAF = 88;
    uint256 private constant VERDICT_LEAF = 60;
    uint256 private constant CARRY_HEAD = 36;
    uint256 private constant CARRY_VALUE = 1_024;

    /// @notice The tag of the tree's leaves.
    function tag(TreeKind tree) internal pure returns (uint8) {
        if (tree == TreeKind.Payout) return 0x20;
        if (tree == TreeKind.Work) return 0x30;
        return tree == TreeKind.Verdict ? 0x40 : 0x50;
    }

    /// @notice Bytes of a node as it stands in a proof.
    function width(TreeKind tree) internal pure returns (uint256) {
        if (tree == TreeKind.Payout) return 48;
        return tree == TreeKind.Carry ? 32 : 96;
    }

    function parent(TreeKind tree, bytes memory left, bytes memory right) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(tag(tree) + 1, left, right));
    }

    /// @notice The top of the payout, work or carry tree of a root, and the number of its leaves.
    function topOf(Root calldata root, TreeKind tree) internal pure returns (bytes memory top, uint32 count) {
        if (tree == TreeKind.Payout) {
            return (abi.encodePacked(root.payoutHash, root.payoutSum), root.deviceCount);
        }
        if (tree == TreeKind.Carry) return (abi.encodePacked(root.carryHash), root.carryCount);
        uint128[4] calldata s = root.workSums;
        return (abi.encodePacked(root.workHash, s[0], s[1], s[2], s[3]), root.deviceCount);
    }

    /// @notice A node's hash, and the keccak of its sums.
    function split(bytes memory node) internal pure returns (bytes32 hash, bytes32 sums) {
        assembly ("memory-safe") {
            hash := mload(add(node, 0x20))
            sums := keccak256(add(node, 0x40), sub(mload(node), 0x20))
        }
    }

    /// @notice Whether the place lies under the top. False where the sums on the way do not add up: that is challenge 3.
    function isUnder(TreeKind tree, bytes memory top, uint32 count, NodePlace calldata place)
        internal
        pure
        returns (bool)
    {
        uint256 bytesEach = width(tree);
        uint256 depth = MerkleTree.depth(count);
        if (place.height > depth || place.node.length != bytesEach) return false;
        uint256 levels = depth - place.height;
        if (place.siblings.length != bytesEach * levels || place.position >> levels != 0) return false;
        bytes memory node = place.node;
        for (uint256 level; level < levels; ++level) {
            bytes calldata sibling = place.siblings[bytesEach * level:bytesEach * (level + 1)];
            bytes32 hash =
                place.position >> level & 1 == 0 ? parent(tree, node, sibling) : parent(tree, sibling, node);
            if (!_raise(node, hash, sibling)) return false;
        }
        return keccak256(node) == keccak256(top);
    }

    /// @notice The hash and the keccak of the sums that the leaf's content makes; the hash is zero where it can not stand at `position`.
    /// @param leaf the preimage without its tag; nothing for an empty leaf
    function leafNode(TreeKind tree, bytes calldata leaf, uint32 position, uint32 count)
        internal
        pure
        returns (bytes32 hash, bytes32 sums)
    {
        if (leaf.length == 0) {
            if (position < count) return (0, 0);
            return (MerkleTree.empty(tag(tree)), keccak256(new bytes(width(tree) - 32)));
        }
        if (position >= count || !_isLength(tree, leaf.length)) return (0, 0);
        bool hasIndex = tree == TreeKind.Payout || tree == TreeKind.Work;
        if (hasIndex && uint32(bytes4(leaf[0:4])) != position) return (0, 0);
        hash = MerkleTree.leaf(tag(tree), leaf);
        if (tree == TreeKind.Payout) sums = keccak256(leaf[4:20]);
        else if (tree == TreeKind.Work) sums = _sumsOf(leaf[4:52]);
        else if (tree == TreeKind.Verdict) sums = _sumsOf(leaf[12:60]);
        else sums = keccak256("");
    }

    function _isLength(TreeKind tree, uint256 length) private pure returns (bool) {
        if (tree == TreeKind.Payout) return length == PAYOUT_LEAF;
        if (tree == TreeKind.Work) return length == WORK_LEAF;
        if (tree == TreeKind.Verdict) return length == VERDICT_LEAF;
        return length >= CARRY_HEAD && length <= CARRY_HEAD + CARRY_VALUE;
    }

    /// @dev Keccak of four works u96, widened to u128.
    function _sumsOf(bytes calldata work) private pure returns (bytes32 sums) {
        assembly ("memory-safe") {
            let wide := mload(0x40)
            for { let p := 0 } lt(p, 4) { p := add(p, 1) } {
                let sum := shr(160, calldataload(add(work.offset, mul(12, p))))
                mstore(add(wide, mul(16, p)), shl(128, sum))
            }
            sums := keccak256(wide, 64)
        }
    }

    /// @dev Makes the node its parent: the hash is set, the sibling's sums are added. False where a sum leaves u128.
    function _raise(bytes memory node, bytes32 hash, bytes calldata sibling) private pure returns (bool) {
        assembly ("memory-safe") {
            mstore(add(node, 0x20), hash)
        }
        for (uint256 at = 32; at < sibling.length; at += 16) {
            uint256 sum = uint256(uint128(bytes16(sibling[at:at + 16])));
            assembly ("memory-safe") {
                // The 16 bytes that end at 32 + at + 16 of the node's memory: read and written as the low half of a word.
                let low := add(node, add(at, 0x10))
                let word := mload(low)
                sum := add(sum, and(word, 0xffffffffffffffffffffffffffffffff))
                mstore(low, or(shl(128, shr(128, word)), and(sum, 0xffffffffffffffffffffffffffffffff)))
            }
            if (sum > type(uint128).max) return false;
        }
        return true;
    }
}
