// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEmission} from "./IEmission.sol";

/// @notice Decay in steps: a_0 = perEpoch, a_{k+1} = ⌊a_k · numerator / denominator⌋; epochs k · stepEpochs … (k + 1) · stepEpochs − 1 emit a_k each, and after `steps`
///         steps nothing. It multiplies step by step and takes no power, because only that can not rise by rounding (spec 7).
interface IExponentialDecay is IEmission {
    /// @notice Emitted in each epoch of the first step, in the token's smallest unit: 1 to 2^96 − 1.
    function perEpoch() external view returns (uint96);
    /// @notice What is left of an amount after a step is numerator / denominator, below one.
    function numerator() external view returns (uint64);
    function denominator() external view returns (uint64);
    /// @notice Epochs that share an amount: 1 or more.
    function stepEpochs() external view returns (uint32);
    /// @notice 1 to 1 024.
    function steps() external view returns (uint32);
}
