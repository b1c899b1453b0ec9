// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NetworkId} from "../types/NetworkId.sol";

struct DeviceKey {
    bytes32 x;
    bytes32 y;
}

struct Signature {
    bytes32 r;
    bytes32 s;
}

/// @notice The device registry: ERC-721, one dense index per network. Spec 1.
interface IDevices {
    event DeviceRegistered(
        NetworkId indexed network, uint32 indexed index, address indexed owner, uint16 class, bytes32 x, bytes32 y, uint32 fromEpoch
    );
    event KeyRotated(NetworkId indexed network, uint32 indexed index, bytes32 x, bytes32 y, uint32 fromEpoch);
    event DeviceRevoked(NetworkId indexed network, uint32 indexed index, uint32 fromEpoch);

    error DeviceUnknown(uint256 deviceId);
    error NotDeviceOwner(uint256 deviceId, address caller, address owner);
    error DeviceSignatureInvalid(bytes32 digest);
    error MakerSignatureInvalid(uint16 class, address recovered);
    error DeviceIsRevoked(uint256 deviceId, uint32 fromEpoch);
    error NetworkFull(NetworkId network);
    error ClaimedDiffers(uint256 deviceId, uint96 expected, uint96 actual);
    error NotVault(address caller, address vault);
    error NotNetworks(address caller);
    error NetworkUnknown(NetworkId network);
    error KeyTaken(NetworkId network, bytes32 keyHash);
    error P256Missing();

    /// @notice Called by Networks when it creates a network: the clock is kept here too, so that onboarding asks nobody.
    function open(NetworkId network, uint64 genesis, uint32 epochSeconds) external;
    /// @notice Called by Networks when a class of the network first asks for a maker: from then on registrations ask Networks about theirs.
    function gate(NetworkId network) external;

    /// @notice The caller becomes the owner. Where the class needs a maker's signature, a key that was registered with one can not be again (KeyTaken):
    ///         the maker vouched for one device.
    /// @param makerSignature 65 bytes, empty where the class needs none
    function register(
        NetworkId network,
        uint16 class,
        DeviceKey calldata key,
        Signature calldata deviceSignature,
        bytes calldata makerSignature
    ) external returns (uint32 index);

    function rotate(uint256 deviceId, DeviceKey calldata key, Signature calldata newKeySignature) external;
    function revoke(uint256 deviceId) external;
    /// @notice Transfers by the token's owner or an approved address, if exactly `expected` was claimed so far.
    function transferWithClaimed(address from, address to, uint256 deviceId, uint96 expected) external;

    /// @notice Called by the network's vault: raises the device's claimed amount to `cumulative` if that is higher.
    /// @return owner the device's owner, who is paid
    /// @return previous what had been claimed before
    function recordClaim(NetworkId network, uint32 index, uint96 cumulative) external returns (address owner, uint96 previous);

    function deviceCount(NetworkId network) external view returns (uint32);
    /// @notice Whether `count` is the number of devices in the snapshot of `epoch`. O(1).
    function isDeviceCountAt(NetworkId network, uint32 epoch, uint32 count) external view returns (bool);
    /// @notice Whether the key is the device's in the snapshot of `epoch`, and the device was not revoked then.
    function isKeyAt(NetworkId network, uint32 index, uint32 epoch, DeviceKey calldata key) external view returns (bool);
    function claimedOf(uint256 deviceId) external view returns (uint96);
    function classOf(uint256 deviceId) external view returns (uint16);
    function onboardDigest(NetworkId network, address owner, uint16 class) external view returns (bytes32);
    function rotateDigest(uint256 deviceId, address owner) external pure returns (bytes32);
    function makerDigest(NetworkId network, DeviceKey calldata key, uint16 class) external pure returns (bytes32);
}
