// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {ERC721} from "solady/tokens/ERC721.sol";
import {LibClone} from "solady/utils/LibClone.sol";

import {RewardVault} from "./RewardVault.sol";
import {DeviceKey, IDevices, Signature} from "./interfaces/IDevices.sol";
import {INetworks} from "./interfaces/INetworks.sol";
import {P256} from "./libraries/P256.sol";
import {NetworkId, splitDeviceId} from "./types/NetworkId.sol";

/// @dev A device costs two slots: the owner with `claimed` beside it (ERC721's extra data), and its first key. A rotation or a revocation,
///      which most devices never see, takes slots of its own.
contract Devices is IDevices, ERC721 {
    /// @dev All a registration has to know of its network, in one slot.
    struct Registry {
        uint32 count;
        uint64 genesis;
        uint32 epochSeconds;
        bool gated; // some class asks, or once asked, for a maker
    }

    /// @dev A key and when it acts from. 200 bits of the key's hash are kept: as much against a second preimage as could be wished, 2^100 work
    ///      for a collision, and what is next to them fits the same slot.
    struct Key {
        bytes25 hash; // first 25 bytes of keccak256(x ‖ y)
        uint32 fromEpoch;
        uint16 class; // in a device's first key only
        bool changed; // in a device's first key only: look at its rotations and its revocation too
    }

    uint256 private constant ERC721_SEED = 0x7d8825530a5a2e7a << 192;

    INetworks private immutable NETWORKS;
    bytes32 private immutable VAULT_CODE_HASH = keccak256(type(RewardVault).creationCode);

    mapping(NetworkId network => Registry) private _registries;
    mapping(uint256 deviceId => Key) private _firstKeys;
    mapping(uint256 deviceId => Key[]) private _rotations; // by fromEpoch, strictly ascending
    mapping(uint256 deviceId => uint256 epochPlusOne) private _revokedFrom;
    mapping(NetworkId network => mapping(bytes32 keyHash => bool)) private _vouched;

    modifier onlyNetworks() {
        if (msg.sender != address(NETWORKS)) revert NotNetworks(msg.sender);
        _;
    }

    constructor(address networks) {
        if (!P256.probe()) revert P256Missing();
        NETWORKS = INetworks(networks);
    }

    /// @inheritdoc IDevices
    function open(NetworkId network, uint64 genesis, uint32 epochSeconds) external onlyNetworks {
        _registries[network] =
            Registry({count: 0, genesis: genesis, epochSeconds: epochSeconds, gated: false});
    }

    /// @inheritdoc IDevices
    function gate(NetworkId network) external onlyNetworks {
        _registries[network].gated = true;
    }

    /// @inheritdoc IDevices
    function register(
        NetworkId network,
        uint16 class,
        DeviceKey calldata key,
        Signature calldata deviceSignature,
        bytes calldata makerSignature
    ) external returns (uint32 index) {
        uint32 fromEpoch;
        bool gated;
        (index, fromEpoch, gated) = _takeIndex(network);
        _requireSigned(onboardDigest(network, msg.sender, class), key, deviceSignature);
        if (gated) _requireMaker(network, class, key, makerSignature);
        _storeFirstKey(network.deviceId(index), key, fromEpoch, class);
        // The count only grows, so the id is fresh.
        _mintAndSetExtraDataUnchecked(msg.sender, network.deviceId(index), 0);
        emit DeviceRegistered(network, index, msg.sender, class, key.x, key.y, fromEpoch);
    }

    /// @inheritdoc IDevices
    function rotate(uint256 deviceId, DeviceKey calldata key, Signature calldata newKeySignature) external {
        _requireOwnerOfActive(deviceId);
        _requireSigned(rotateDigest(deviceId, msg.sender), key, newKeySignature);
        (NetworkId network, uint32 index) = splitDeviceId(deviceId);
        uint32 fromEpoch = _nextEpoch(network);

        // A key that has not acted yet is replaced: the last rotation within an epoch wins.
        Key[] storage rotations = _rotations[deviceId];
        uint256 count = rotations.length;
        Key storage newest = count == 0 ? _firstKeys[deviceId] : rotations[count - 1];
        if (newest.fromEpoch == fromEpoch) {
            newest.hash = _hashOf(key);
        } else {
            rotations.push(Key({hash: _hashOf(key), fromEpoch: fromEpoch, class: 0, changed: false}));
            _firstKeys[deviceId].changed = true;
        }
        emit KeyRotated(network, index, key.x, key.y, fromEpoch);
    }

    /// @inheritdoc IDevices
    function revoke(uint256 deviceId) external {
        _requireOwnerOfActive(deviceId);
        (NetworkId network, uint32 index) = splitDeviceId(deviceId);
        uint32 fromEpoch = _nextEpoch(network);
        _revokedFrom[deviceId] = uint256(fromEpoch) + 1;
        _firstKeys[deviceId].changed = true;
        emit DeviceRevoked(network, index, fromEpoch);
    }

    /// @inheritdoc IDevices
    function transferWithClaimed(address from, address to, uint256 deviceId, uint96 expected) external {
        uint96 actual = claimedOf(deviceId);
        if (actual != expected) revert ClaimedDiffers(deviceId, expected, actual);
        transferFrom(from, to, deviceId);
    }

    /// @inheritdoc IDevices
    function recordClaim(NetworkId network, uint32 index, uint96 cumulative)
        external
        returns (address owner, uint96 previous)
    {
        address vault = _vaultOf(network);
        if (msg.sender != vault) revert NotVault(msg.sender, vault);
        uint256 id = network.deviceId(index);
        uint256 slot = _ownershipSlot(id);
        assembly ("memory-safe") {
            let packed := sload(slot)
            owner := shr(96, shl(96, packed))
            previous := shr(160, packed)
            if gt(cumulative, previous) { sstore(slot, or(shl(160, cumulative), owner)) }
        }
        // Nothing owns an id without a device; the write above is undone with the rest.
        if (owner == address(0)) revert DeviceUnknown(id);
    }

    /// @inheritdoc IDevices
    function deviceCount(NetworkId network) external view returns (uint32) {
        return _registries[network].count;
    }

    /// @inheritdoc IDevices
    function isDeviceCountAt(NetworkId network, uint32 epoch, uint32 count) external view returns (bool) {
        uint32 registered = _registries[network].count;
        if (count > registered) return false;
        if (count > 0 && _firstKeys[network.deviceId(count - 1)].fromEpoch > epoch) return false;
        return count == registered || _firstKeys[network.deviceId(count)].fromEpoch > epoch;
    }

    /// @inheritdoc IDevices
    function isKeyAt(NetworkId network, uint32 index, uint32 epoch, DeviceKey calldata key)
        external
        view
        returns (bool)
    {
        uint256 id = network.deviceId(index);
        Key memory acting = _firstKeys[id];
        if (acting.hash == 0 || acting.fromEpoch > epoch) return false;
        if (acting.changed) {
            uint256 revokedFrom = _revokedFrom[id];
            if (revokedFrom != 0 && revokedFrom - 1 <= epoch) return false;
            acting = _keyAt(id, epoch);
        }
        return acting.hash == _hashOf(key);
    }

    /// @inheritdoc IDevices
    function claimedOf(uint256 deviceId) public view returns (uint96) {
        if (!_exists(deviceId)) revert DeviceUnknown(deviceId);
        return _getExtraData(deviceId);
    }

    /// @inheritdoc IDevices
    function classOf(uint256 deviceId) external view returns (uint16) {
        if (!_exists(deviceId)) revert DeviceUnknown(deviceId);
        return _firstKeys[deviceId].class;
    }

    /// @inheritdoc IDevices
    function onboardDigest(NetworkId network, address owner, uint16 class)
        public
        view
        returns (bytes32 digest)
    {
        // sha256(abi.encodePacked("cairn/onboard/1", network, owner, class)), put together where it is hashed: 500 gas of every onboarding.
        assembly ("memory-safe") {
            let preimage := mload(0x40)
            mstore(preimage, "cairn/onboard/1")
            mstore(add(preimage, 15), network)
            mstore(add(preimage, 43), shl(96, owner))
            mstore(add(preimage, 63), shl(240, class))
            if iszero(staticcall(gas(), 2, preimage, 65, 0x00, 0x20)) { revert(0x00, 0x00) }
            digest := mload(0x00)
        }
    }

    /// @inheritdoc IDevices
    function rotateDigest(uint256 deviceId, address owner) public pure returns (bytes32) {
        return sha256(abi.encodePacked("cairn/rotate/1", deviceId, owner));
    }

    /// @inheritdoc IDevices
    function makerDigest(NetworkId network, DeviceKey calldata key, uint16 class)
        public
        pure
        returns (bytes32)
    {
        bytes32 keyHash = Hashes.efficientKeccak256(key.x, key.y);
        return keccak256(abi.encodePacked("cairn/maker/1", NetworkId.unwrap(network), keyHash, class));
    }

    function name() public pure override returns (string memory) {
        return "Cairn Device";
    }

    function symbol() public pure override returns (string memory) {
        return "DEVICE";
    }

    function tokenURI(uint256 deviceId) public view override returns (string memory) {
        if (!_exists(deviceId)) revert DeviceUnknown(deviceId);
        return "";
    }

    function _requireSigned(bytes32 digest, DeviceKey calldata key, Signature calldata signature)
        private
        view
    {
        if (!P256.verify(digest, signature.r, signature.s, key.x, key.y)) {
            revert DeviceSignatureInvalid(digest);
        }
    }

    function _requireMaker(NetworkId network, uint16 class, DeviceKey calldata key, bytes calldata signature)
        private
    {
        if (!NETWORKS.makerRequired(network, class)) return;
        bytes32 digest = MessageHashUtils.toEthSignedMessageHash(makerDigest(network, key, class));
        (address maker,,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (maker == address(0) || !NETWORKS.isMaker(network, class, maker)) {
            revert MakerSignatureInvalid(class, maker);
        }
        bytes32 keyHash = Hashes.efficientKeccak256(key.x, key.y);
        if (_vouched[network][keyHash]) revert KeyTaken(network, keyHash);
        _vouched[network][keyHash] = true;
    }

    /// @dev One read and one write of the Registry's slot, whose lowest field is the count.
    function _takeIndex(NetworkId network) private returns (uint32 index, uint32 fromEpoch, bool gated) {
        Registry storage registry = _registries[network];
        uint256 packed;
        assembly ("memory-safe") {
            packed := sload(registry.slot)
        }
        uint256 epochSeconds = uint32(packed >> 96);
        if (epochSeconds == 0) revert NetworkUnknown(network);
        index = uint32(packed);
        if (index == type(uint32).max) revert NetworkFull(network);
        fromEpoch = _nextEpoch(uint64(packed >> 32), epochSeconds);
        gated = packed >> 128 != 0;
        assembly ("memory-safe") {
            sstore(registry.slot, add(packed, 1))
        }
    }

    /// @dev Key{hash, fromEpoch, class, changed: false} in one write.
    function _storeFirstKey(uint256 deviceId, DeviceKey calldata key, uint32 fromEpoch, uint16 class)
        private
    {
        Key storage first = _firstKeys[deviceId];
        uint256 packed = uint256(uint200(_hashOf(key))) | uint256(fromEpoch) << 200 | uint256(class) << 232;
        assembly ("memory-safe") {
            sstore(first.slot, packed)
        }
    }

    function _requireOwnerOfActive(uint256 deviceId) private view {
        address owner = _ownerOf(deviceId);
        if (owner == address(0)) revert DeviceUnknown(deviceId);
        if (msg.sender != owner) revert NotDeviceOwner(deviceId, msg.sender, owner);
        uint256 revokedFrom = _revokedFrom[deviceId];
        if (revokedFrom != 0) revert DeviceIsRevoked(deviceId, uint32(revokedFrom - 1));
    }

    /// @dev The newest key with fromEpoch ≤ epoch, where the first one's is.
    function _keyAt(uint256 deviceId, uint32 epoch) private view returns (Key memory) {
        Key[] storage rotations = _rotations[deviceId];
        uint256 low = 0;
        uint256 high = rotations.length;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (rotations[middle].fromEpoch <= epoch) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? _firstKeys[deviceId] : rotations[low - 1];
    }

    /// @dev CREATE2 (EIP-1014) by Networks: asking it would cost every claim a cold account and a cold slot.
    function _vaultOf(NetworkId network) private view returns (address) {
        return
            LibClone.predictDeterministicAddress(
                VAULT_CODE_HASH, NetworkId.unwrap(network), address(NETWORKS)
            );
    }

    /// @dev Where Solady's ERC721 keeps an owner with 96 bits of extra data above it, as its source documents. Claims go there directly: its own
    ///      accessors would work out and read the slot three times.
    function _ownershipSlot(uint256 id) private pure returns (uint256 slot) {
        assembly ("memory-safe") {
            mstore(0x00, id)
            mstore(0x1c, ERC721_SEED)
            slot := add(id, add(id, keccak256(0x00, 0x20)))
        }
    }

    function _nextEpoch(NetworkId network) private view returns (uint32) {
        Registry storage registry = _registries[network];
        return _nextEpoch(registry.genesis, registry.epochSeconds);
    }

    /// @dev The first epoch whose snapshot sees a change made now.
    function _nextEpoch(uint256 genesis, uint256 epochSeconds) private view returns (uint32) {
        if (block.timestamp < genesis) return 0;
        unchecked {
            return uint32((block.timestamp - genesis) / epochSeconds + 1);
        }
    }

    function _hashOf(DeviceKey calldata key) private pure returns (bytes25) {
        return bytes25(Hashes.efficientKeccak256(key.x, key.y));
    }
}
