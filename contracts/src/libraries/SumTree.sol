// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Counts in order, with the sum of any first of them found in O(log4 n) slots. Four 64-bit sums share a slot: level 0 has the counts themselves, an entry
///         of level k + 1 is the sum of one slot of level k. So an appended count costs a third of a slot, half of what a binary tree of prefix sums takes, and a look-up half of its reads.
/// @dev The caller keeps how many counts there are, and all they add up to below 2⁶⁴. Spec 10.
library SumTree {
    struct Tree {
        mapping(uint256 place => uint256) slots; // place: level << 32 | slot of the level
    }

    /// @notice Appends `added` to the `length` counts there are, whose sum is `total`. Overwrites `added`.
    function append(Tree storage tree, uint256 length, uint256 total, uint256[] memory added) internal {
        uint256 levels = levelsOf(length + added.length);
        if (length > 0) {
            // What was the whole tree becomes the first entry of each level on top of it.
            for (uint256 level = levelsOf(length); level < levels; ++level) {
                tree.slots[level << 32] = total;
            }
        }
        uint256 first = length;
        uint256 many = added.length;
        for (uint256 level; level < levels; ++level) {
            many = _addLevel(tree, level, first, added, many);
            first >>= 2;
        }
    }

    /// @notice The count that `position` falls in, and how far into it; `position` is less than the sum of all.
    function find(Tree storage tree, uint256 length, uint256 position)
        internal
        view
        returns (uint256 index, uint256 offset)
    {
        offset = position;
        for (uint256 level = levelsOf(length); level > 0;) {
            --level;
            uint256 slot = tree.slots[level << 32 | index];
            index <<= 2;
            // The last entry takes what is left: a position within the sum is always in one of the four.
            for (uint256 i; i < 3; ++i) {
                uint256 sum = uint64(slot);
                if (offset < sum) break;
                offset -= sum;
                slot >>= 64;
                ++index;
            }
        }
    }

    /// @notice Makes the count at `index` zero, and returns what it was.
    function clear(Tree storage tree, uint256 length, uint256 index) internal returns (uint256 count) {
        count = countAt(tree, index);
        if (count == 0) return 0;
        uint256 levels = levelsOf(length);
        for (uint256 level; level < levels; ++level) {
            tree.slots[level << 32 | index >> 2] -= count << 64 * (index & 3);
            index >>= 2;
        }
    }

    function countAt(Tree storage tree, uint256 index) internal view returns (uint256) {
        return uint64(tree.slots[index >> 2] >> 64 * (index & 3));
    }

    /// @notice The least number of levels, one or more, whose top is a single slot.
    function levelsOf(uint256 length) internal pure returns (uint256 levels) {
        levels = 1;
        while (uint256(1) << 2 * levels < length) ++levels;
    }

    /// @dev Adds the first `many` of `added` to the entries from `first` on, a write for each slot, and leaves in `added` what each slot grew by.
    function _addLevel(Tree storage tree, uint256 level, uint256 first, uint256[] memory added, uint256 many)
        private
        returns (uint256 slotCount)
    {
        uint256 end = first + many;
        for (uint256 entry = first; entry < end; ++slotCount) {
            uint256 place = level << 32 | entry >> 2;
            uint256 packed;
            uint256 sum;
            do {
                uint256 count = added[entry - first];
                packed |= count << 64 * (entry & 3);
                sum += count;
                ++entry;
            } while (entry & 3 != 0 && entry < end);
            tree.slots[place] += packed;
            added[slotCount] = sum;
        }
    }
}
