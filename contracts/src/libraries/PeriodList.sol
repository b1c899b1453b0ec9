// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Periods in a list, ascending, each once.
library PeriodList {
    /// @notice The first place whose period is `period` or later. What is asked for is mostly among the last.
    function placeOf(uint32[] storage list, uint32 period) internal view returns (uint256 low) {
        uint256 high = list.length;
        if (high > 0 && list[high - 1] < period) return high;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (list[middle] < period) low = middle + 1;
            else high = middle;
        }
    }
}
