// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {VerdictEntry, WorkLeaf} from "../src/types/Root.sol";

/// @notice The trees of spec 5 in full, by another way than the contracts': every node is bytes, hash (32) ‖ sums (u128 each), and whole levels are kept.
library TreeBuilder {
    uint8 internal constant EVIDENCE = 0x00;
    uint8 internal constant BODY = 0x10;
    uint8 internal constant PAYOUT = 0x20;
    uint8 internal constant WORK = 0x30;
    uint8 internal constant VERDICT = 0x40;
    uint8 internal constant CARRY = 0x50;

    /// @notice A node that is put where another belongs, below the top.
    struct Tamper {
        bool active;
        uint256 height;
        uint256 position;
        bytes node;
    }

    function width(uint8 tag) internal pure returns (uint256) {
        if (tag == PAYOUT) return 48;
        return tag == WORK || tag == VERDICT ? 96 : 32;
    }

    function depthOf(uint256 count) internal pure returns (uint256 depth) {
        for (uint256 reach = 1; reach < count; reach *= 2) {
            ++depth;
        }
    }

    function build(uint8 tag, bytes[] memory leaves) internal pure returns (bytes[][] memory levels) {
        Tamper memory none;
        return build(tag, leaves, none);
    }

    function build(uint8 tag, bytes[] memory leaves, Tamper memory tamper)
        internal
        pure
        returns (bytes[][] memory levels)
    {
        uint256 depth = depthOf(leaves.length);
        levels = new bytes[][](depth + 1);
        levels[0] = new bytes[](1 << depth);
        for (uint256 i; i < levels[0].length; ++i) {
            levels[0][i] = i < leaves.length ? leaves[i] : emptyNode(tag);
        }
        for (uint256 h;; ++h) {
            if (tamper.active && tamper.height == h) levels[h][tamper.position] = tamper.node;
            if (h == depth) break;
            levels[h + 1] = new bytes[](levels[h].length / 2);
            for (uint256 i; i < levels[h + 1].length; ++i) {
                levels[h + 1][i] = join(tag, levels[h][2 * i], levels[h][2 * i + 1]);
            }
        }
    }

    function top(bytes[][] memory levels) internal pure returns (bytes memory) {
        return levels[levels.length - 1][0];
    }

    function join(uint8 tag, bytes memory left, bytes memory right)
        internal
        pure
        returns (bytes memory node)
    {
        node = abi.encodePacked(keccak256(abi.encodePacked(tag + 1, left, right)));
        for (uint256 s; s < (width(tag) - 32) / 16; ++s) {
            unchecked {
                node = abi.encodePacked(node, sumAt(left, s) + sumAt(right, s));
            }
        }
    }

    function emptyNode(uint8 tag) internal pure returns (bytes memory) {
        return abi.encodePacked(keccak256(abi.encodePacked(tag + 2)), new bytes(width(tag) - 32));
    }

    /// @notice Siblings from the node's level up, one after the other.
    function siblings(bytes[][] memory levels, uint256 height, uint256 position)
        internal
        pure
        returns (bytes memory all)
    {
        for (uint256 h = height; h + 1 < levels.length; ++h) {
            all = abi.encodePacked(all, levels[h][position ^ 1]);
            position >>= 1;
        }
    }

    /// @notice The same for a tree without sums.
    function path(bytes[][] memory levels, uint256 position) internal pure returns (bytes32[] memory all) {
        all = new bytes32[](levels.length - 1);
        for (uint256 h; h + 1 < levels.length; ++h) {
            all[h] = bytes32(levels[h][position ^ 1]);
            position >>= 1;
        }
    }

    /// @notice A proof of any depth without its tree: siblings made up, small sums, and the top they lead to.
    function climb(uint8 tag, bytes memory node, uint256 position, uint256 depth)
        internal
        pure
        returns (bytes memory topNode, bytes memory all)
    {
        topNode = node;
        for (uint256 h; h < depth; ++h) {
            bytes memory sibling = abi.encodePacked(keccak256(abi.encode(tag, h)));
            for (uint256 s; s < (width(tag) - 32) / 16; ++s) {
                sibling = abi.encodePacked(sibling, uint128(7 * h + s + 1));
            }
            all = abi.encodePacked(all, sibling);
            topNode = position >> h & 1 == 0 ? join(tag, topNode, sibling) : join(tag, sibling, topNode);
        }
    }

    function hashOf(bytes memory node) internal pure returns (bytes32) {
        return bytes32(node);
    }

    function sumAt(bytes memory node, uint256 s) internal pure returns (uint128 sum) {
        require(node.length >= 48 + 16 * s, "no such sum");
        assembly ("memory-safe") {
            // Behind the length and the hash; a word holds this sum and what follows it.
            sum := shr(128, mload(add(node, add(64, mul(16, s)))))
        }
    }

    function sumsOf(bytes memory node) internal pure returns (uint128[4] memory sums) {
        for (uint256 s; s < 4; ++s) {
            sums[s] = sumAt(node, s);
        }
    }

    function plainLeaf(uint8 tag, bytes memory preimage) internal pure returns (bytes memory) {
        return abi.encodePacked(keccak256(abi.encodePacked(tag, preimage)));
    }

    function payoutLeaf(uint32 index, uint128 cumulative) internal pure returns (bytes memory) {
        return abi.encodePacked(keccak256(abi.encodePacked(PAYOUT, index, cumulative)), cumulative);
    }

    /// @notice The leaf's preimage without its tag.
    function content(WorkLeaf memory leaf) internal pure returns (bytes memory) {
        return abi.encodePacked(leaf.index, works(leaf.work), leaf.verdictHash, leaf.verdictCount);
    }

    function content(VerdictEntry memory entry) internal pure returns (bytes memory) {
        return abi.encodePacked(entry.slot, entry.index, entry.observation, entry.reason, works(entry.work));
    }

    function workLeaf(WorkLeaf memory leaf) internal pure returns (bytes memory) {
        return abi.encodePacked(keccak256(abi.encodePacked(WORK, content(leaf))), wide(leaf.work));
    }

    function verdictLeaf(VerdictEntry memory entry) internal pure returns (bytes memory) {
        return abi.encodePacked(keccak256(abi.encodePacked(VERDICT, content(entry))), wide(entry.work));
    }

    function works(uint96[4] memory w) internal pure returns (bytes memory) {
        return abi.encodePacked(w[0], w[1], w[2], w[3]);
    }

    function wide(uint96[4] memory w) internal pure returns (bytes memory) {
        return abi.encodePacked(uint128(w[0]), uint128(w[1]), uint128(w[2]), uint128(w[3]));
    }
}
