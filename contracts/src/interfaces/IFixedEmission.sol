// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEmission} from "./IEmission.sol";

/// @notice The same amount every epoch, halved (rounding down) each `halvingEpochs` epochs. After `maxHalvings` halvings one more stretch of
///         `halvingEpochs` is emitted, then nothing: total = halvingEpochs · Σ_{h = 0 … maxHalvings} ⌊perEpoch / 2^h⌋.
interface IFixedEmission is IEmission {
    error ScheduleInvalid(uint128 perEpoch, uint32 halvingEpochs, uint32 maxHalvings);
    error ScheduleTooLarge(uint256 total, uint256 maximum);

    /// @notice Emitted in each of the first `halvingEpochs` epochs, in the token's smallest unit.
    function perEpoch() external view returns (uint128);
    function halvingEpochs() external view returns (uint32);
    function maxHalvings() external view returns (uint32);
}
