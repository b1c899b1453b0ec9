// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEmission} from "./interfaces/IEmission.sol";
import {IFixedEmission} from "./interfaces/IFixedEmission.sol";

contract FixedEmission is IFixedEmission {
    /// @inheritdoc IFixedEmission
    uint128 public immutable perEpoch;
    /// @inheritdoc IFixedEmission
    uint32 public immutable halvingEpochs;
    /// @inheritdoc IFixedEmission
    uint32 public immutable maxHalvings;
    /// @inheritdoc IEmission
    uint256 public immutable total;

    constructor(uint128 perEpoch_, uint32 halvingEpochs_, uint32 maxHalvings_) {
        if (perEpoch_ == 0 || halvingEpochs_ == 0 || maxHalvings_ > 127) {
            revert ScheduleInvalid(perEpoch_, halvingEpochs_, maxHalvings_);
        }
        perEpoch = perEpoch_;
        halvingEpochs = halvingEpochs_;
        maxHalvings = maxHalvings_;
        uint256 sum = 0;
        for (uint256 halvings = 0; halvings <= maxHalvings_; ++halvings) {
            sum += uint256(perEpoch_ >> halvings) * halvingEpochs_;
        }
        if (sum > type(uint96).max) revert ScheduleTooLarge(sum, type(uint96).max);
        total = sum;
    }

    /// @inheritdoc IEmission
    function cumulative(uint32 epoch) external view returns (uint256 emitted) {
        uint256 periods = epoch / halvingEpochs;
        if (periods > maxHalvings) return total;
        unchecked {
            // Every partial sum is below total, which fits 96 bits.
            for (uint256 halvings = 0; halvings < periods; ++halvings) {
                emitted += uint256(perEpoch >> halvings) * halvingEpochs;
            }
            emitted += uint256(perEpoch >> periods) * (epoch % halvingEpochs);
        }
    }
}
