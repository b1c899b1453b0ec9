// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice The proving periods of a data set: the network's epochs in groups of `periodEpochs`, counted from epoch 0, so that all sets of equal terms are challenged together.
///         A period is open, then frozen for an epoch, then in its window for `windowEpochs`. Spec 10.
struct ProvingClock {
    uint64 genesis; // of the network's timeline, as is the next
    uint32 epochSeconds;
    uint16 periodEpochs;
    uint16 windowEpochs;
}

using {periodAt, beaconEpoch, frozenFrom, windowStart, onTimeUntil, periodEnd} for ProvingClock global;

/// @notice The period that `time` falls in; 0 before genesis.
function periodAt(ProvingClock memory c, uint256 time) pure returns (uint32) {
    return time < c.genesis ? 0 : uint32((time - c.genesis) / c.epochSeconds / c.periodEpochs);
}

/// @notice The epoch whose beacon draws the period's challenges: the first of its window.
function beaconEpoch(ProvingClock memory c, uint32 period) pure returns (uint32) {
    return uint32((uint256(period) + 1) * c.periodEpochs - c.windowEpochs);
}

/// @notice When what is challenged stands: an epoch before anybody can know the beacon, so that neither a clock that is off nor a reorganised block lets pieces come or go by it.
function frozenFrom(ProvingClock memory c, uint32 period) pure returns (uint256) {
    return windowStart(c, period) - c.epochSeconds;
}

function windowStart(ProvingClock memory c, uint32 period) pure returns (uint256) {
    return c.genesis + uint256(beaconEpoch(c, period)) * c.epochSeconds;
}

/// @notice The middle of the window. A beacon captured before it leaves enough time: who has not proven by the end is at fault.
function onTimeUntil(ProvingClock memory c, uint32 period) pure returns (uint256) {
    return windowStart(c, period) + uint256(c.windowEpochs) * c.epochSeconds / 2;
}

/// @notice The deadline of the period's proof, and the begin of the next period.
function periodEnd(ProvingClock memory c, uint32 period) pure returns (uint256) {
    return c.genesis + (uint256(period) + 1) * c.periodEpochs * c.epochSeconds;
}
