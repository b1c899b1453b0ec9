// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice A fixed emission schedule.
interface IEmission {
    /// @notice Total emitted before `epoch` starts: 0 for epoch 0, never decreasing, at most `total()`. Pure of time and caller.
    function cumulative(uint32 epoch) external view returns (uint256);

    /// @notice The most that is ever emitted, below 2^96.
    function total() external view returns (uint256);
}
