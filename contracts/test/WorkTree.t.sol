// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "forge-std/Test.sol";

import {NodePlace, TreeKind} from "../src/interfaces/IDisputes.sol";
import {DisputeTrees} from "../src/libraries/DisputeTrees.sol";
import {WorkTree} from "../src/libraries/WorkTree.sol";
import {VerdictEntry, WorkLeaf, WorkNode} from "../src/types/Root.sol";
import {TreeBuilder} from "./TreeBuilder.sol";

/// @notice WorkTree and DisputeTrees against trees built in full by TreeBuilder.
contract WorkTreeTest is Test {
    function verify(
        uint8 tree,
        WorkNode memory top,
        uint256 count,
        WorkNode memory from,
        uint256 height,
        uint256 position,
        bytes calldata siblings
    ) external pure returns (bool) {
        return WorkTree.verify(tree, top.hash, top.sums, count, from, height, position, siblings);
    }

    function isUnder(TreeKind tree, bytes memory top, uint32 count, NodePlace calldata place)
        external
        pure
        returns (bool)
    {
        return DisputeTrees.isUnder(tree, top, count, place);
    }

    function leafNode(TreeKind tree, bytes calldata leaf, uint32 position, uint32 count)
        external
        pure
        returns (bytes32, bytes32)
    {
        return DisputeTrees.leafNode(tree, leaf, position, count);
    }

    function unpack(bytes calldata packed) external pure returns (WorkNode memory) {
        return WorkTree.unpack(packed);
    }

    function workOf(uint256 seed) internal pure returns (uint96[4] memory work) {
        for (uint256 p; p < 4; ++p) {
            work[p] = uint96(uint256(keccak256(abi.encode(seed, p))));
        }
    }

    function levelsOf(uint8 tree, uint256 count) internal pure returns (bytes[][] memory) {
        bytes[] memory leaves = new bytes[](count);
        for (uint256 i; i < count; ++i) {
            if (tree == TreeBuilder.WORK) {
                leaves[i] = TreeBuilder.workLeaf(WorkLeaf(uint32(i), workOf(i), bytes32(i), uint32(i)));
            } else if (tree == TreeBuilder.VERDICT) {
                leaves[i] = TreeBuilder.verdictLeaf(VerdictEntry(uint32(i), 1, 2, 3, workOf(i)));
            } else if (tree == TreeBuilder.PAYOUT) {
                leaves[i] = TreeBuilder.payoutLeaf(uint32(i), uint96(uint256(keccak256(abi.encode(i)))));
            } else {
                leaves[i] = TreeBuilder.plainLeaf(tree, abi.encodePacked(i, uint32(i), "value"));
            }
        }
        return TreeBuilder.build(tree, leaves);
    }

    function nodeOf(bytes memory node) internal pure returns (WorkNode memory) {
        return WorkNode(TreeBuilder.hashOf(node), TreeBuilder.sumsOf(node));
    }

    function testFuzz_Leaves(WorkLeaf memory leaf, VerdictEntry memory entry) external view {
        assertEq(abi.encode(WorkTree.leaf(leaf)), abi.encode(nodeOf(TreeBuilder.workLeaf(leaf))));
        assertEq(abi.encode(WorkTree.leaf(entry)), abi.encode(nodeOf(TreeBuilder.verdictLeaf(entry))));
        assertEq(WorkTree.pack(WorkTree.leaf(leaf)), TreeBuilder.workLeaf(leaf));
        assertEq(abi.encode(this.unpack(TreeBuilder.workLeaf(leaf))), abi.encode(WorkTree.leaf(leaf)));
    }

    function test_Empty() external pure {
        assertEq(WorkTree.empty(WorkTree.WORK), keccak256(hex"32"));
        assertEq(WorkTree.empty(WorkTree.VERDICT), keccak256(hex"42"));
    }

    function testFuzz_EveryNodeProves(bool verdicts, uint8 size, uint256 seed) external view {
        uint8 tree = verdicts ? TreeBuilder.VERDICT : TreeBuilder.WORK;
        uint256 count = bound(size, 0, 40);
        bytes[][] memory levels = levelsOf(tree, count);
        uint256 height = seed % levels.length;
        uint256 position = (seed >> 8) % levels[height].length;
        WorkNode memory top = nodeOf(TreeBuilder.top(levels));
        WorkNode memory from = nodeOf(levels[height][position]);
        bytes memory siblings = TreeBuilder.siblings(levels, height, position);
        assertTrue(this.verify(tree, top, count, from, height, position, siblings));
        assertFalse(this.verify(tree, top, count, from, height, position + levels[height].length, siblings));
        assertFalse(
            this.verify(tree, top, count, from, height, position, abi.encodePacked(siblings, bytes1(0)))
        );
        from.sums[seed % 4] ^= 1;
        assertFalse(this.verify(tree, top, count, from, height, position, siblings));
        from.sums[seed % 4] ^= 1;
        top.sums[seed % 4] ^= 1;
        assertFalse(this.verify(tree, top, count, from, height, position, siblings));
    }

    function test_AddsUp_IsAskedIn256Bits() external pure {
        WorkNode memory left;
        WorkNode memory right;
        left.sums[2] = type(uint128).max;
        right.sums[2] = 1;
        uint128[4] memory wrapped;
        assertFalse(WorkTree.addsUp(left, right, wrapped));
        right.sums[2] = 0;
        wrapped[2] = type(uint128).max;
        assertTrue(WorkTree.addsUp(left, right, wrapped));
    }

    function testFuzz_EveryPlaceIsUnderTheTop(uint8 kind, uint8 size, uint256 seed) external view {
        TreeKind tree = TreeKind(kind % 4);
        uint8 tag = DisputeTrees.tag(tree);
        uint32 count = uint32(bound(size, 0, 40));
        bytes[][] memory levels = levelsOf(tag, count);
        NodePlace memory place;
        place.height = uint8(seed % levels.length);
        place.position = uint32((seed >> 8) % levels[place.height].length);
        place.node = bytes.concat(levels[place.height][place.position]);
        place.siblings = TreeBuilder.siblings(levels, place.height, place.position);
        bytes memory top = TreeBuilder.top(levels);
        assertTrue(this.isUnder(tree, top, count, place));
        uint256 at = (seed >> 16) % place.node.length;
        place.node[at] ^= 0x01;
        assertFalse(this.isUnder(tree, top, count, place), "node");
        place.node[at] ^= 0x01;
        if (place.siblings.length > 0) {
            at = (seed >> 16) % place.siblings.length;
            place.siblings[at] ^= 0x01;
            assertFalse(this.isUnder(tree, top, count, place), "sibling");
            place.siblings[at] ^= 0x01;
        }
        place.height += 1;
        assertFalse(this.isUnder(tree, top, count, place), "height");
        place.height -= 1;
        place.position += uint32(levels[place.height].length);
        assertFalse(this.isUnder(tree, top, count, place), "position");
    }

    function test_IsUnder_RefusesSumsThatOverflow() external view {
        bytes memory leaf = abi.encodePacked(bytes32("leaf"), type(uint128).max);
        bytes memory sibling = abi.encodePacked(bytes32("sibling"), uint128(1));
        bytes memory top = TreeBuilder.join(TreeBuilder.PAYOUT, leaf, sibling); // wraps to zero
        assertFalse(this.isUnder(TreeKind.Payout, top, 2, NodePlace(0, 0, leaf, sibling)));
    }

    function test_LeafNode() external view {
        WorkLeaf memory work = WorkLeaf(3, workOf(1), "verdicts", 9);
        expectLeaf(TreeKind.Work, TreeBuilder.content(work), 3, TreeBuilder.workLeaf(work));
        VerdictEntry memory entry = VerdictEntry(1, 2, 3, 4, workOf(2));
        expectLeaf(TreeKind.Verdict, TreeBuilder.content(entry), 6, TreeBuilder.verdictLeaf(entry));
        bytes memory payout = abi.encodePacked(uint32(3), uint128(77));
        expectLeaf(TreeKind.Payout, payout, 3, TreeBuilder.payoutLeaf(3, 77));
        bytes memory carry = abi.encodePacked(bytes32("key"), uint32(3), new bytes(1024));
        expectLeaf(TreeKind.Carry, carry, 6, TreeBuilder.plainLeaf(TreeBuilder.CARRY, carry));

        expectNoLeaf(TreeKind.Work, TreeBuilder.content(work), 4, 9); // another's index
        expectNoLeaf(TreeKind.Payout, payout, 4, 9);
        expectNoLeaf(TreeKind.Payout, abi.encodePacked(payout, bytes1(0)), 3, 9);
        expectNoLeaf(TreeKind.Verdict, TreeBuilder.content(work), 3, 9);
        expectNoLeaf(TreeKind.Carry, abi.encodePacked(carry, bytes1(0)), 3, 9);
        expectNoLeaf(TreeKind.Carry, new bytes(35), 3, 9);
        expectNoLeaf(TreeKind.Payout, payout, 3, 3); // beyond the count
        for (uint8 kind; kind < 4; ++kind) {
            expectNoLeaf(TreeKind(kind), "", 3, 4);
            bytes memory empty = TreeBuilder.emptyNode(DisputeTrees.tag(TreeKind(kind)));
            (bytes32 hash, bytes32 sums) = this.leafNode(TreeKind(kind), "", 4, 4);
            (bytes32 wantHash, bytes32 wantSums) = DisputeTrees.split(empty);
            assertEq(hash, wantHash);
            assertEq(sums, wantSums);
        }
    }

    function expectLeaf(TreeKind tree, bytes memory leaf, uint32 position, bytes memory node) private view {
        (bytes32 hash, bytes32 sums) = this.leafNode(tree, leaf, position, 10);
        (bytes32 wantHash, bytes32 wantSums) = DisputeTrees.split(node);
        assertEq(hash, wantHash);
        assertEq(sums, wantSums);
    }

    function expectNoLeaf(TreeKind tree, bytes memory leaf, uint32 position, uint32 count) private view {
        (bytes32 hash,) = this.leafNode(tree, leaf, position, count);
        assertEq(hash, 0);
    }
}
