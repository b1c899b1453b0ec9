// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Immutable id of a network: the first 28 bytes of keccak256(abi.encode(chainId, Networks, creator, salt)). Spec 1.
type NetworkId is bytes28;

using {eq as ==, neq as !=, deviceId} for NetworkId global;

function eq(NetworkId a, NetworkId b) pure returns (bool) {
    return NetworkId.unwrap(a) == NetworkId.unwrap(b);
}

function neq(NetworkId a, NetworkId b) pure returns (bool) {
    return NetworkId.unwrap(a) != NetworkId.unwrap(b);
}

/// @notice ERC-721 token id of the device at `index` of the network: network id, then the index as u32.
function deviceId(NetworkId network, uint32 index) pure returns (uint256) {
    return uint256(bytes32(NetworkId.unwrap(network))) | index;
}

/// @notice The network and index that a device's token id names.
function splitDeviceId(uint256 id) pure returns (NetworkId network, uint32 index) {
    return (NetworkId.wrap(bytes28(bytes32(id))), uint32(id));
}
