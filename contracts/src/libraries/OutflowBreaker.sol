// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice What flowed out in recent epochs: a ring, where epoch e has place e mod windowEpochs, and its sum. Spec 7, Breaker.
struct Outflows {
    uint128 sum;
    uint32 epoch; // the last one asked about
    uint128[64] perEpoch;
}

/// @notice Bounds what flows out in any `windowEpochs` (1 to 64) consecutive epochs.
library OutflowBreaker {
    /// @notice Lets as much of `amount` flow in `epoch` as the window has room for. Epochs go forward.
    function letFlow(
        Outflows storage outflows,
        uint256 limit,
        uint256 windowEpochs,
        uint32 epoch,
        uint256 amount
    ) internal returns (uint256 paid) {
        uint256 sum = outflows.sum;
        // Where nothing flowed there is nothing to forget: most words of the ring are never read.
        uint256 steps = _steps(outflows, windowEpochs, epoch);
        for (uint256 step = 0; step < steps && sum > 0; ++step) {
            uint256 place = (epoch - step) % windowEpochs;
            uint256 gone = outflows.perEpoch[place];
            if (gone == 0) continue;
            sum -= gone;
            outflows.perEpoch[place] = 0;
        }
        paid = amount;
        if (sum >= limit) paid = 0;
        else if (limit - sum < amount) paid = limit - sum;
        outflows.perEpoch[epoch % windowEpochs] += uint128(paid);
        (outflows.sum, outflows.epoch) = (uint128(sum + paid), epoch);
    }

    /// @notice Takes back what was let flow in the last epoch asked about and did not.
    function takeBack(Outflows storage outflows, uint256 windowEpochs, uint256 amount) internal {
        outflows.perEpoch[outflows.epoch % windowEpochs] -= uint128(amount);
        outflows.sum -= uint128(amount);
    }

    /// @notice What flowed in the window that ends with `epoch`.
    function sumAt(Outflows storage outflows, uint256 windowEpochs, uint32 epoch)
        internal
        view
        returns (uint256 sum)
    {
        sum = outflows.sum;
        uint256 steps = _steps(outflows, windowEpochs, epoch);
        for (uint256 step = 0; step < steps && sum > 0; ++step) {
            sum -= outflows.perEpoch[(epoch - step) % windowEpochs];
        }
    }

    /// @dev Places of the ring whose epochs have left the window.
    function _steps(Outflows storage outflows, uint256 windowEpochs, uint32 epoch)
        private
        view
        returns (uint256)
    {
        uint256 later = epoch - outflows.epoch;
        return later < windowEpochs ? later : windowEpochs;
    }
}
