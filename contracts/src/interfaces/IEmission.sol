// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @dev A schedule is not made from a number that its arithmetic can not take.
error ScheduleOutOfBounds(string parameter, uint256 given, uint256 least, uint256 most);

/// @notice An emission schedule. Spec 7.
interface IEmission {
    /// @notice Total emitted before `epoch` starts: 0 for epoch 0, never decreasing, at most `total()`. What it once answered for an epoch it answers for ever, whoever asks.
    /// @dev A fixed schedule answers for every epoch. One that follows what a network does answers up to the current epoch, and reverts for later ones.
    function cumulative(uint32 epoch) external view returns (uint256);

    /// @notice The most that is ever emitted, below 2^96.
    function total() external view returns (uint256);
}
