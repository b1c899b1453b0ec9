// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NetworkId} from "../types/NetworkId.sol";
import {IDevices} from "./IDevices.sol";
import {ISettlement} from "./ISettlement.sol";

/// @notice What the vault's constructor asks its creator, in place of constructor arguments: the init code is the same for every network, so
///         whoever knows a network's id knows its vault's address: CREATE2 by Networks with the id (right-padded) as salt.
interface IVaultFactory {
    function vaultParameters()
        external
        view
        returns (NetworkId network, address token, ISettlement settlement, IDevices devices);
}

/// @notice One per network: holds what final roots released, pays claims, and nothing else. No owner, no upgrade, no pause.
interface IRewardVault {
    /// @dev What was paid is `cumulative` less that of the device's claim before; whom, the token's transfer of the same transaction tells. Every word of an event is paid for by every claim.
    event Claimed(uint32 indexed index, uint96 cumulative);
    event ClaimSkipped(uint32 indexed index, address indexed owner);

    error RootNotFinal(bytes32 rootId);
    error ProofInvalid();
    error AuthorizationInvalid(address signer, address owner);
    error AuthorizationExpired(uint256 deadline, uint256 nowAt);
    error FeeTooHigh(uint256 fee, uint256 paid);
    error AmountTooLarge(uint256 cumulative);
    error NotSelf(address caller);

    /// @notice Pays cumulative − claimed to the device's owner; nothing when not positive. Anyone may call.
    /// @param siblings 48 bytes each: hash ‖ sum u128, from the leaf up
    function claim(bytes32 rootId, uint32 index, uint128 cumulative, bytes calldata siblings)
        external
        returns (uint256 paid);

    /// @notice Claims for the neighbours first … first + cumulatives.length − 1 with one multiproof (spec 5). A recipient whose transfer fails is skipped and keeps its claim.
    function claimBatch(bytes32 rootId, uint32 first, uint128[] calldata cumulatives, bytes calldata siblings)
        external
        returns (uint256 paid);

    /// @notice Gasless: the owner signed (EIP-712) ClaimAuthorization(uint256 deviceId,address recipient,uint128 minimumCumulative,uint256 fee,uint256 deadline); the caller gets `fee` out of what is paid.
    ///         What is claimed is what was signed: minimumCumulative is `cumulative`, so an authorization serves once, and pays nothing (and no fee)
    ///         when that much was claimed already. The owner may be a contract (ERC-1271).
    /// @return paid the whole, the fee included
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

    /// @notice One recipient of a batch. Only the vault calls it, on itself, so that a transfer that fails takes the record of the claim back with it.
    function payNeighbour(uint32 index, uint128 cumulative) external returns (uint256 paid);
    function network() external view returns (NetworkId);
    function token() external view returns (address);
}
