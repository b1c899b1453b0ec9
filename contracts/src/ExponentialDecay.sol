// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SSTORE2} from "solady/utils/SSTORE2.sol";

import {IEmission, ScheduleOutOfBounds} from "./interfaces/IEmission.sol";
import {IExponentialDecay} from "./interfaces/IExponentialDecay.sol";

contract ExponentialDecay is IExponentialDecay {
    uint256 private constant STEPS_MAX = 1024;
    /// @dev Every so many steps the amount and the sum so far are kept, as the code of a contract: a question reads one of them, and walks at most 15 steps.
    uint256 private constant STRIDE = 16;
    uint256 private constant MARK_BYTES = 24;

    /// @inheritdoc IExponentialDecay
    uint96 public immutable perEpoch;
    /// @inheritdoc IExponentialDecay
    uint64 public immutable numerator;
    /// @inheritdoc IExponentialDecay
    uint64 public immutable denominator;
    /// @inheritdoc IExponentialDecay
    uint32 public immutable stepEpochs;
    /// @inheritdoc IExponentialDecay
    uint32 public immutable steps;
    /// @inheritdoc IEmission
    uint256 public immutable total;
    address private immutable MARKS;

    constructor(uint96 perEpoch_, uint64 numerator_, uint64 denominator_, uint32 stepEpochs_, uint32 steps_) {
        _require("perEpoch", perEpoch_, 1, type(uint96).max);
        _require("denominator", denominator_, 1, type(uint64).max);
        _require("numerator", numerator_, 0, denominator_ - 1);
        _require("stepEpochs", stepEpochs_, 1, type(uint32).max);
        _require("steps", steps_, 1, STEPS_MAX);
        (perEpoch, numerator, denominator) = (perEpoch_, numerator_, denominator_);
        (stepEpochs, steps) = (stepEpochs_, steps_);
        bytes memory marks;
        uint256 amount = perEpoch_;
        uint256 sum = 0;
        for (uint256 step = 0; step < steps_; ++step) {
            if (step % STRIDE == 0) {
                marks = bytes.concat(marks, bytes12(uint96(amount)), bytes12(uint96(sum)));
            }
            sum += amount * stepEpochs_;
            amount = amount * numerator_ / denominator_;
        }
        // With it every mark fits as well: sums only grow.
        _require("total", sum, 1, type(uint96).max);
        total = sum;
        MARKS = SSTORE2.write(marks);
    }

    /// @inheritdoc IEmission
    function cumulative(uint32 epoch) external view returns (uint256 emitted) {
        uint256 step = epoch / stepEpochs;
        if (step >= steps) return total;
        uint256 amount;
        (amount, emitted) = _markOf(step / STRIDE);
        unchecked {
            // Amounts are below 2^96, the rate's parts below 2^64, and every sum at most the total.
            for (uint256 left = step % STRIDE; left != 0; --left) {
                emitted += amount * stepEpochs;
                amount = amount * numerator / denominator;
            }
            emitted += amount * (epoch % stepEpochs);
        }
    }

    function _markOf(uint256 place) private view returns (uint256 amount, uint256 sum) {
        bytes24 mark = bytes24(SSTORE2.read(MARKS, place * MARK_BYTES, (place + 1) * MARK_BYTES));
        return (uint96(bytes12(mark)), uint96(uint192(mark)));
    }

    function _require(string memory parameter, uint256 given, uint256 least, uint256 most) private pure {
        if (given < least || given > most) revert ScheduleOutOfBounds(parameter, given, least, most);
    }
}
