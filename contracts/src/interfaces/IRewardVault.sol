// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice One per network: holds what final roots released, pays claims, and nothing else. No owner, no upgrade, no pause.
interface IRewardVault {
    event Claimed(uint32 indexed index, address indexed owner, uint96 cumulative, uint256 paid);
    event ClaimSkipped(uint32 indexed index, address indexed owner);

    error RootNotFinal(bytes32 rootId);
    error ProofInvalid();
    error AuthorizationInvalid(address signer, address owner);
    error AuthorizationExpired(uint256 deadline, uint256 nowAt);
    error FeeTooHigh(uint256 fee, uint256 paid);
    error AmountTooLarge(uint256 cumulative);

    /// @notice Pays cumulative − claimed to the device's owner; nothing when not positive. Anyone may call.
    /// @param siblings 48 bytes each: hash ‖ sum u128, from the leaf up
    function claim(bytes32 rootId, uint32 index, uint128 cumulative, bytes calldata siblings) external returns (uint256 paid);

    /// @notice Claims for the neighbours first … first + cumulatives.length − 1 with one multiproof (spec 5). A recipient whose transfer fails is skipped and keeps its claim.
    function claimBatch(bytes32 rootId, uint32 first, uint128[] calldata cumulatives, bytes calldata siblings) external returns (uint256 paid);

    /// @notice Gasless: the owner signed (EIP-712) ClaimAuthorization(uint256 deviceId,address recipient,uint128 minimumCumulative,uint256 fee,uint256 deadline); the caller gets `fee` out of what is paid.
    function claimWithAuthorization(
        bytes32 rootId,
        uint32 index,
        uint128 cumulative,
        bytes calldata siblings,
        address recipient,
        uint256 fee,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 paid);
}
