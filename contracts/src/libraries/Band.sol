// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice The arithmetic of spec 7, Burn-bounded emission: packages/economics/src/budget, number for number. Amounts are in the token's smallest unit.
library Band {
    uint256 internal constant BPS = 10_000;
    uint256 internal constant WAD = 1e18;
    uint256 internal constant CAP_BPS_MAX = 1_000_000;
    uint256 private constant SMOOTHING_EPOCHS = 7;

    struct Limits {
        uint16 floorBps; // sellers are topped up to this part of what was paid: at most 10 000
        uint32 capBps; // and get at most this multiple of it: above floorBps, at most 1 000 000; 0: no cap
        uint96 capFrom; // the cap rests in an epoch in which less was paid
        uint96 netEmissionCap; // emitted again an epoch without a floor binding, at most
        uint64 reach; // the part of all rewards that gets to sellers, with 18 decimals
    }

    function smooth(uint256 previous, uint256 burned) internal pure returns (uint256) {
        return (SMOOTHING_EPOCHS - 1) * previous / SMOOTHING_EPOCHS + burned / SMOOTHING_EPOCHS;
    }

    /// @param rewards the schedule's part and what is emitted again in any case
    /// @param most of the smoothed burn, what is not emitted again yet
    function topUp(Limits memory limits, uint256 paid, uint256 paidDirectly, uint256 rewards, uint256 most)
        internal
        pure
        returns (uint256)
    {
        if (limits.reach == 0) return 0;
        uint256 target = Math.mulDiv(paid, limits.floorBps, BPS);
        uint256 reached = paidDirectly + Math.mulDiv(rewards, limits.reach, WAD);
        uint256 demand = Math.mulDiv(Math.saturatingSub(target, reached), WAD, limits.reach);
        return demand > type(uint96).max ? 0 : Math.min(demand, most);
    }

    /// @notice The most that sellers may be paid; zero for no cap.
    function capOf(Limits memory limits, uint256 paid) internal pure returns (uint256) {
        return paid < limits.capFrom ? 0 : Math.mulDiv(paid, limits.capBps, BPS);
    }

    /// @notice What of `rewards` is not emitted so that sellers get no more than the cap.
    function overflow(Limits memory limits, uint256 paid, uint256 paidDirectly, uint256 rewards)
        internal
        pure
        returns (uint256)
    {
        uint256 cap = capOf(limits, paid);
        if (cap == 0 || limits.reach == 0) return 0;
        uint256 earnings = paidDirectly + Math.mulDiv(rewards, limits.reach, WAD);
        uint256 excess = Math.saturatingSub(earnings, cap);
        return Math.min(Math.mulDiv(excess, WAD, limits.reach), rewards);
    }
}
