// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice The immutable clock of a network, in seconds of block time. Spec 6.
struct Timeline {
    uint64 genesis;
    uint32 epochSeconds;
    uint32 sealSeconds;
    uint32 availabilitySeconds;
    uint32 attestSeconds;
    uint32 challengeSeconds;
    uint32 responseSeconds;
    uint32 queueSeconds;
    uint32 exitSeconds;
}

using {
    epochAt,
    nextEpoch,
    sealingAt,
    epochStart,
    epochEnd,
    sealEnd,
    availabilityEnd,
    attestEnd
} for Timeline global;

/// @notice The epoch that `time` falls in; 0 before genesis.
function epochAt(Timeline memory t, uint256 time) pure returns (uint32) {
    return time < t.genesis ? 0 : uint32((time - t.genesis) / t.epochSeconds);
}

/// @notice The first epoch whose snapshot sees a change made at `time`: the one after, and 0 before genesis.
function nextEpoch(Timeline memory t, uint256 time) pure returns (uint32) {
    return time < t.genesis ? 0 : uint32((time - t.genesis) / t.epochSeconds) + 1;
}

/// @notice The epoch whose sealing is the next to be over at `time`; 0 before the first one is.
function sealingAt(Timeline memory t, uint256 time) pure returns (uint32) {
    uint256 first = uint256(t.genesis) + t.sealSeconds;
    return time < first ? 0 : uint32((time - first) / t.epochSeconds);
}

function epochStart(Timeline memory t, uint32 epoch) pure returns (uint256) {
    return uint256(t.genesis) + uint256(epoch) * t.epochSeconds;
}

function epochEnd(Timeline memory t, uint32 epoch) pure returns (uint256) {
    return epochStart(t, epoch) + t.epochSeconds;
}

function sealEnd(Timeline memory t, uint32 epoch) pure returns (uint256) {
    return epochEnd(t, epoch) + t.sealSeconds;
}

function availabilityEnd(Timeline memory t, uint32 epoch) pure returns (uint256) {
    return sealEnd(t, epoch) + t.availabilitySeconds;
}

function attestEnd(Timeline memory t, uint32 epoch) pure returns (uint256) {
    return availabilityEnd(t, epoch) + t.attestSeconds;
}
