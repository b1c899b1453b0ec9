// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEmission} from "./IEmission.sol";

/// @notice Filecoin's simple minting: ⌊asymptote · (1 − e^−λe)⌋ before epoch e, with e^−x of ExpNeg. Where λe passes 5 the curve stands still, so total is 99.3 % of the asymptote.
interface ISimpleMinting is IEmission {
    /// @notice What the curve tends to, in the token's smallest unit: 1 to 2^96 − 1.
    function asymptote() external view returns (uint256);
    /// @notice Decay per epoch, ln 2 / (epochs of a half-life), in Q.128: 2^64 to 2^127. Below, rounding could make the curve fall.
    function lambda() external view returns (uint256);
}
