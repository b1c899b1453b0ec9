// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "forge-std/Test.sol";

import {MerkleTree} from "../src/libraries/MerkleTree.sol";
import {TreeBuilder} from "./TreeBuilder.sol";

contract MerkleTreeTest is Test {
    function verify(
        uint8 tree,
        bytes32 root,
        uint256 count,
        bytes32 leaf,
        uint256 position,
        bytes32[] calldata path
    ) external pure returns (bool) {
        return MerkleTree.verify(tree, root, count, leaf, position, path);
    }

    function levelsOf(uint8 tree, uint256 count) internal pure returns (bytes[][] memory) {
        bytes[] memory leaves = new bytes[](count);
        for (uint256 i; i < count; ++i) {
            leaves[i] = TreeBuilder.plainLeaf(tree, abi.encode(i));
        }
        return TreeBuilder.build(tree, leaves);
    }

    function test_Depth() external pure {
        uint256[9] memory counts = [uint256(0), 1, 2, 3, 4, 5, 8, 9, type(uint32).max];
        uint8[9] memory depths = [0, 0, 1, 2, 2, 3, 3, 4, 32];
        for (uint256 i; i < 9; ++i) {
            assertEq(MerkleTree.depth(counts[i]), depths[i]);
        }
    }

    /// @dev Spec 5: preimages by tag.
    function test_Preimages() external pure {
        assertEq(MerkleTree.leaf(MerkleTree.EVIDENCE, hex"0102"), keccak256(hex"000102"));
        assertEq(MerkleTree.leaf(MerkleTree.BODY, hex"0102"), keccak256(hex"100102"));
        assertEq(MerkleTree.leaf(MerkleTree.CARRY, hex"0102"), keccak256(hex"500102"));
        bytes32 l = bytes32(uint256(1));
        bytes32 r = bytes32(uint256(2));
        assertEq(MerkleTree.node(MerkleTree.EVIDENCE, l, r), keccak256(abi.encodePacked(hex"01", l, r)));
        assertEq(MerkleTree.node(MerkleTree.BODY, l, r), keccak256(abi.encodePacked(hex"11", l, r)));
        assertEq(MerkleTree.node(MerkleTree.CARRY, l, r), keccak256(abi.encodePacked(hex"51", l, r)));
        assertEq(MerkleTree.empty(MerkleTree.EVIDENCE), keccak256(hex"02"));
        assertEq(MerkleTree.empty(MerkleTree.BODY), keccak256(hex"12"));
        assertEq(MerkleTree.empty(MerkleTree.CARRY), keccak256(hex"52"));
    }

    function testFuzz_EveryLeafProves(uint8 kind, uint8 size, uint8 at, uint256 flip) external view {
        uint8 tree = [0x00, 0x10, 0x50][kind % 3];
        uint256 count = bound(size, 1, 70);
        uint256 position = at % count;
        bytes[][] memory levels = levelsOf(tree, count);
        bytes32 root = TreeBuilder.hashOf(TreeBuilder.top(levels));
        bytes32 leaf = bytes32(levels[0][position]);
        bytes32[] memory path = TreeBuilder.path(levels, position);
        assertTrue(this.verify(tree, root, count, leaf, position, path));
        assertFalse(this.verify(tree, root, count, ~leaf, position, path));
        assertFalse(this.verify(tree, root, position, leaf, position, path), "position beyond the count");
        if (path.length > 0) {
            assertFalse(this.verify(tree, root, count, leaf, position ^ (1 << flip % path.length), path));
            path[flip % path.length] ^= bytes32(uint256(1));
            assertFalse(this.verify(tree, root, count, leaf, position, path));
        }
        bytes32[] memory longer = new bytes32[](path.length + 1);
        assertFalse(this.verify(tree, root, count, leaf, position, longer));
    }

    function test_NothingStandsInAnEmptyTree() external view {
        bytes32[] memory none;
        bytes32 empty = MerkleTree.empty(MerkleTree.BODY);
        assertFalse(this.verify(MerkleTree.BODY, empty, 0, empty, 0, none));
    }
}
