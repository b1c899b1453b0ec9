// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {WeightPoint} from "../interfaces/IBudgets.sol";

/// @notice Program weights on straight lines between points, in at most 64 steps a line. Spec 7, Programs.
/// @dev A packed point is afterEpochs, then the four weights, in 96 bits: two to a word of storage.
library WeightLines {
    uint256 internal constant STEPS = 64;
    uint256 internal constant WHOLE_BPS = 10_000;

    function pack(WeightPoint calldata point) internal pure returns (uint96 packed) {
        packed = point.afterEpochs;
        for (uint256 p = 0; p < 4; ++p) {
            packed = packed << 16 | point.weightsBps[p];
        }
    }

    function unpack(uint96 packed) internal pure returns (WeightPoint memory point) {
        point.afterEpochs = uint32(packed >> 64);
        for (uint256 p = 0; p < 4; ++p) {
            point.weightsBps[p] = uint16(_weight(packed, p));
        }
    }

    /// @notice The weights `t` epochs after the first point, and the first later time at which they may be others.
    function at(uint96[] memory points, uint256 t)
        internal
        pure
        returns (uint256[4] memory weightsBps, uint256 until)
    {
        unchecked {
            // Everything is below 2^46: times have 32 bits, weights 14.
            uint256 next = 1;
            while (next < points.length && points[next] >> 64 <= t) ++next;
            uint256 from = points[next - 1];
            if (next == points.length) return (_between(from, from, 1, 0), type(uint256).max);
            uint256 to = points[next];
            uint256 start = from >> 64;
            uint256 length = (to >> 64) - start;
            uint256 step = (length + STEPS - 1) / STEPS;
            uint256 passed = (t - start) / step * step;
            until = passed + step < length ? start + passed + step : start + length;
            weightsBps = _between(from, to, length, passed);
        }
    }

    /// @dev All round down; the last program with weight at either end has the rest.
    function _between(uint256 from, uint256 to, uint256 length, uint256 passed)
        private
        pure
        returns (uint256[4] memory weightsBps)
    {
        unchecked {
            uint256 rest = WHOLE_BPS;
            uint256 last;
            for (uint256 p = 0; p < 4; ++p) {
                uint256 sum = _weight(from, p) * (length - passed) + _weight(to, p) * passed;
                if (sum == 0 && _weight(to, p) == 0) continue;
                last = p;
                weightsBps[p] = sum / length;
                rest -= weightsBps[p];
            }
            weightsBps[last] += rest;
        }
    }

    function _weight(uint256 packed, uint256 p) private pure returns (uint256) {
        unchecked {
            return packed >> (48 - 16 * p) & 0xffff;
        }
    }
}
