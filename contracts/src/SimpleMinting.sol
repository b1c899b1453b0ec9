// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEmission, ScheduleOutOfBounds} from "./interfaces/IEmission.sol";
import {ISimpleMinting} from "./interfaces/ISimpleMinting.sol";
import {ExpNeg} from "./libraries/ExpNeg.sol";

contract SimpleMinting is ISimpleMinting {
    /// @inheritdoc ISimpleMinting
    uint256 public immutable asymptote;
    /// @inheritdoc ISimpleMinting
    uint256 public immutable lambda;
    /// @inheritdoc IEmission
    uint256 public immutable total;
    /// @dev From this epoch on the curve stands still. It may lie beyond the last epoch there is.
    uint256 private immutable LAST_MOVING;

    constructor(uint256 asymptote_, uint256 lambda_) {
        if (asymptote_ == 0 || asymptote_ > type(uint96).max) {
            revert ScheduleOutOfBounds("asymptote", asymptote_, 1, type(uint96).max);
        }
        if (lambda_ < 1 << 64 || lambda_ > 1 << 127) {
            revert ScheduleOutOfBounds("lambda", lambda_, 1 << 64, 1 << 127);
        }
        (asymptote, lambda) = (asymptote_, lambda_);
        LAST_MOVING = ExpNeg.LARGEST / lambda_;
        total = _at(asymptote_, LAST_MOVING * lambda_);
    }

    /// @inheritdoc IEmission
    function cumulative(uint32 epoch) external view returns (uint256) {
        return epoch >= LAST_MOVING ? total : _at(asymptote, lambda * epoch);
    }

    function _at(uint256 asymptote_, uint256 x) private pure returns (uint256) {
        unchecked {
            // 96 bits by 129.
            return asymptote_ * (ExpNeg.ONE - ExpNeg.expNeg(x)) >> 128;
        }
    }
}
