// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {RailTerms} from "../interfaces/IStorageOffers.sol";

/// @notice What storage costs: prices are credits for 2⁴⁰ bytes, which are 2³⁵ leaves. Spec 10, Rails.
/// @dev Leaf-periods are below 2⁸⁸, leaves below 2⁶¹, prices below 2⁶⁴ and periods below 2¹⁶: nothing overflows, and all but absurd results fit 128 bits.
library RailMath {
    uint256 private constant LEAVES = 1 << 35;
    uint256 private constant WHOLE_BPS = 10_000;

    /// @notice Rounded down: who is paid for proofs gets no credit that is not earned in full.
    function earned(uint256 leafPeriods, uint64 price) internal pure returns (uint128) {
        return capped(leafPeriods * price / LEAVES);
    }

    /// @notice Rounded up: what is put aside is enough.
    function cost(uint256 leaves, uint64 price, uint256 periods) internal pure returns (uint128) {
        return capped((leaves * price * periods + LEAVES - 1) / LEAVES);
    }

    /// @notice What a rail has to have beside what it owes: its notice and its repair.
    function needed(RailTerms memory terms, uint256 leaves, uint64 price) internal pure returns (uint128) {
        return capped(uint256(cost(leaves, price, terms.noticePeriods)) + cost(leaves, terms.repairPrice, 1));
    }

    /// @notice Of all that was earned, what is held back after so many proven periods. Never more of the same sum later: what was paid is never held back again.
    function held(RailTerms memory terms, uint128 earned_, uint256 provenPeriods)
        internal
        pure
        returns (uint128)
    {
        for (uint256 i; i < 4; ++i) {
            if (provenPeriods < terms.heldUntil[i]) {
                return uint128(uint256(earned_) * terms.heldBps[i] / WHOLE_BPS);
            }
        }
        return 0;
    }

    function capped(uint256 credits) internal pure returns (uint128) {
        return credits > type(uint128).max ? type(uint128).max : uint128(credits);
    }
}
