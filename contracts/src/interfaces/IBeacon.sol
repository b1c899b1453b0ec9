// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Words that nobody could choose, each fixed by a time that is known ahead.
interface IBeacon {
    /// @notice The word fixed at `time` (Unix seconds), the same for whoever asks and whenever it is asked; zero while it is not known here.
    function wordOf(uint64 time) external view returns (bytes32);
}
