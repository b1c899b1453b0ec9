// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "forge-std/Test.sol";

import {SumTree} from "../src/libraries/SumTree.sol";

/// @notice The tree against a list that is walked.
contract SumTreeTest is Test {
    using SumTree for SumTree.Tree;

    SumTree.Tree private _tree;
    uint256[] private _list;
    uint256 private _total;

    function append(uint256[] memory counts) private {
        uint256 before = _total;
        for (uint256 i; i < counts.length; ++i) {
            _list.push(counts[i]);
            _total += counts[i];
        }
        _tree.append(_list.length - counts.length, before, counts);
    }

    function check(uint256 position) private view {
        (uint256 index, uint256 offset) = _tree.find(_list.length, position);
        for (uint256 i; i < _list.length; ++i) {
            if (position < _list[i]) {
                assertEq(index, i);
                assertEq(offset, position);
                return;
            }
            position -= _list[i];
        }
        assertTrue(false, "not within the sum");
    }

    function testFuzz_FindsWhatAWalkFinds(uint256 seed, uint8 batches) external {
        for (uint256 i; i < batches % 9; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256[] memory counts = new uint256[](1 + seed % 40);
            for (uint256 k; k < counts.length; ++k) {
                counts[k] = 1 + uint256(keccak256(abi.encode(seed, k))) % (seed % 7 == 0 ? 2 : 1 << 45);
            }
            append(counts);
            // A few go, some of them twice.
            for (uint256 k; k < seed >> 64 & 7; ++k) {
                uint256 index = uint256(keccak256(abi.encode(seed, "go", k))) % _list.length;
                assertEq(_tree.clear(_list.length, index), _list[index]);
                _total -= _list[index];
                _list[index] = 0;
            }
        }
        if (_total == 0) return;
        check(0);
        check(_total - 1);
        for (uint256 i; i < 16; ++i) {
            check(uint256(keccak256(abi.encode(seed, "at", i))) % _total);
        }
        for (uint256 i; i < _list.length; ++i) {
            assertEq(_tree.countAt(i), _list[i]);
        }
    }

    /// @dev Each position once, with the tree growing over every border up to 4³ + 1.
    function test_EveryPositionWhileItGrows() external {
        for (uint256 i; i < 65; ++i) {
            uint256[] memory one = new uint256[](1);
            one[0] = 1 + i % 3;
            append(one);
            for (uint256 position; position < _total; ++position) {
                check(position);
            }
        }
    }

    function test_LevelsOf() external pure {
        assertEq(SumTree.levelsOf(0), 1);
        assertEq(SumTree.levelsOf(1), 1);
        assertEq(SumTree.levelsOf(4), 1);
        assertEq(SumTree.levelsOf(5), 2);
        assertEq(SumTree.levelsOf(16), 2);
        assertEq(SumTree.levelsOf(17), 3);
        assertEq(SumTree.levelsOf(type(uint32).max), 16);
    }
}
