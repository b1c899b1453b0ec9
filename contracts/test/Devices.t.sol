// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {ERC721} from "solady/tokens/ERC721.sol";

import {Devices} from "../src/Devices.sol";
import {DeviceKey, IDevices, Signature} from "../src/interfaces/IDevices.sol";
import {NetworkId} from "../src/types/NetworkId.sol";
import {Foundation} from "./Foundation.sol";

/// @notice Devices.register.tree, Devices.rotate.tree, Devices.revoke.tree and what a snapshot says.
contract DevicesTest is Foundation {
    uint256 private constant MAKER = 0xaaaa;

    function id(uint32 index) private view returns (uint256) {
        return network.deviceId(index);
    }

    function assertKey(uint32 index, uint32 epoch, uint256 secret, bool expected) private view {
        assertEq(devices.isKeyAt(network, index, epoch, keyOf(secret)), expected);
    }

    function rotate(uint32 index, uint256 secret) private {
        address owner = devices.ownerOf(id(index));
        Signature memory signature = sign(secret, devices.rotateDigest(id(index), owner));
        vm.prank(owner);
        devices.rotate(id(index), keyOf(secret), signature);
    }

    function revoke(uint32 index) private {
        vm.prank(devices.ownerOf(id(index)));
        devices.revoke(id(index));
    }

    // register

    function test_register_default() external {
        warpToEpoch(4);
        Signature memory signature = sign(1, devices.onboardDigest(network, alice, CLASS));
        DeviceKey memory key = keyOf(1);
        vm.expectEmit(address(devices));
        emit IDevices.DeviceRegistered(network, 0, alice, CLASS, key.x, key.y, 5);
        vm.prank(alice);
        assertEq(devices.register(network, CLASS, key, signature, ""), 0);

        assertEq(devices.ownerOf(id(0)), alice);
        assertEq(devices.balanceOf(alice), 1);
        assertEq(devices.classOf(id(0)), CLASS);
        assertEq(devices.claimedOf(id(0)), 0);
        assertEq(devices.deviceCount(network), 1);
        assertKey(0, 4, 1, false);
        assertKey(0, 5, 1, true);
        assertKey(0, 6, 1, true);
        assertKey(0, 5, 2, false);
        assertEq(register(bob, 2), 1);
    }

    function test_register_behavior_BeforeGenesisActsFromEpochZero() external {
        vm.warp(GENESIS - 1);
        register(alice, 1);
        assertKey(0, 0, 1, true);
        assertTrue(devices.isDeviceCountAt(network, 0, 1));
    }

    function test_register_error_UnknownNetwork() external {
        NetworkId unknown = NetworkId.wrap(bytes28(uint224(1)));
        Signature memory signature = sign(1, devices.onboardDigest(unknown, alice, CLASS));
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IDevices.NetworkUnknown.selector, unknown));
        devices.register(unknown, CLASS, keyOf(1), signature, "");
    }

    function test_register_error_SignedForAnotherOwnerNetworkOrClass() external {
        NetworkId other = NetworkId.wrap(bytes28(uint224(1)));
        refuseRegistration(sign(1, devices.onboardDigest(network, bob, CLASS)));
        refuseRegistration(sign(1, devices.onboardDigest(other, alice, CLASS)));
        refuseRegistration(sign(1, devices.onboardDigest(network, alice, CLASS + 1)));
        refuseRegistration(sign(2, devices.onboardDigest(network, alice, CLASS)));
    }

    function test_register_error_HighS() external {
        Signature memory signature = sign(1, devices.onboardDigest(network, alice, CLASS));
        signature.s = bytes32(P256_ORDER - uint256(signature.s));
        refuseRegistration(signature);
    }

    function refuseRegistration(Signature memory signature) private {
        bytes32 digest = devices.onboardDigest(network, alice, CLASS);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IDevices.DeviceSignatureInvalid.selector, digest));
        devices.register(network, CLASS, keyOf(1), signature, "");
    }

    function test_register_behavior_ClassWithMaker() external {
        requireMaker();
        assertEq(registerMade(1, MAKER), 0);
        assertKey(0, 1, 1, true);
    }

    function test_register_behavior_OtherClassesNeedNoMaker() external {
        vm.prank(governor);
        networks.requireMaker(network, CLASS + 1, true);
        register(alice, 1);
    }

    function test_register_behavior_MakerNoLongerRequired() external {
        requireMaker();
        vm.prank(governor);
        networks.requireMaker(network, CLASS, false);
        register(alice, 1);
    }

    function test_register_error_MakerMissing() external {
        requireMaker();
        refuseMaker("", address(0));
    }

    function test_register_error_MakerNotApproved() external {
        requireMaker();
        refuseMaker(makerSignature(1, 0xbbbb, CLASS), vm.addr(0xbbbb));
        vm.prank(governor);
        networks.setMaker(network, CLASS, vm.addr(MAKER), false);
        refuseMaker(makerSignature(1, MAKER, CLASS), vm.addr(MAKER));
    }

    function test_register_error_MakerVouchedForOneDevice() external {
        requireMaker();
        registerMade(1, MAKER);
        Signature memory signature = sign(1, devices.onboardDigest(network, alice, CLASS));
        bytes memory made = makerSignature(1, MAKER, CLASS);
        DeviceKey memory key = keyOf(1);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IDevices.KeyTaken.selector, network, keccak256(abi.encode(key.x, key.y)))
        );
        devices.register(network, CLASS, key, signature, made);
    }

    function requireMaker() private {
        vm.startPrank(governor);
        networks.requireMaker(network, CLASS, true);
        networks.setMaker(network, CLASS, vm.addr(MAKER), true);
        vm.stopPrank();
    }

    function makerSignature(uint256 secret, uint256 maker, uint16 class) private view returns (bytes memory) {
        bytes32 digest = devices.makerDigest(network, keyOf(secret), class);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(maker, MessageHashUtils.toEthSignedMessageHash(digest));
        return abi.encodePacked(r, s, v);
    }

    function registerMade(uint256 secret, uint256 maker) private returns (uint32) {
        Signature memory signature = sign(secret, devices.onboardDigest(network, alice, CLASS));
        bytes memory made = makerSignature(secret, maker, CLASS);
        vm.prank(alice);
        return devices.register(network, CLASS, keyOf(secret), signature, made);
    }

    function refuseMaker(bytes memory made, address recovered) private {
        Signature memory signature = sign(1, devices.onboardDigest(network, alice, CLASS));
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IDevices.MakerSignatureInvalid.selector, CLASS, recovered));
        devices.register(network, CLASS, keyOf(1), signature, made);
    }

    function test_register_error_NetworkFull() external {
        // Registering 2^32 − 1 devices takes too long: the count is the lowest field of the registry's slot, found by what it changes.
        vm.record();
        register(alice, 1);
        (, bytes32[] memory writes) = vm.accesses(address(devices));
        bytes32 before = vm.load(address(devices), writes[0]);
        vm.store(address(devices), writes[0], before | bytes32(uint256(type(uint32).max)));
        assertEq(devices.deviceCount(network), type(uint32).max);
        Signature memory signature = sign(1, devices.onboardDigest(network, alice, CLASS));
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IDevices.NetworkFull.selector, network));
        devices.register(network, CLASS, keyOf(1), signature, "");
    }

    // rotate

    function test_rotate_default() external {
        register(alice, 1);
        warpToEpoch(3);
        DeviceKey memory key = keyOf(2);
        vm.expectEmit(address(devices));
        emit IDevices.KeyRotated(network, 0, key.x, key.y, 4);
        rotate(0, 2);
        warpToEpoch(6);
        rotate(0, 3);
        for (uint32 epoch = 0; epoch < 10; ++epoch) {
            assertKey(0, epoch, 1, epoch >= 1 && epoch < 4);
            assertKey(0, epoch, 2, epoch >= 4 && epoch < 7);
            assertKey(0, epoch, 3, epoch >= 7);
        }
        assertEq(devices.classOf(id(0)), CLASS);
    }

    function test_rotate_behavior_LastWithinAnEpochWins() external {
        register(alice, 1);
        rotate(0, 2);
        assertKey(0, 1, 1, false);
        assertKey(0, 1, 2, true);
        warpToEpoch(3);
        rotate(0, 3);
        rotate(0, 4);
        assertKey(0, 3, 2, true);
        assertKey(0, 4, 3, false);
        assertKey(0, 4, 4, true);
    }

    function test_rotate_behavior_AfterTransferTheNewOwnerRotates() external {
        register(alice, 1);
        vm.prank(alice);
        devices.transferFrom(alice, bob, id(0));
        rotate(0, 2);
        assertKey(0, 1, 2, true);
    }

    function test_rotate_error_NotOwner() external {
        register(alice, 1);
        Signature memory signature = sign(2, devices.rotateDigest(id(0), bob));
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IDevices.NotDeviceOwner.selector, id(0), bob, alice));
        devices.rotate(id(0), keyOf(2), signature);
    }

    function test_rotate_error_SignedByAnotherKeyOrForAnotherDevice() external {
        register(alice, 1);
        register(alice, 5);
        bytes32 digest = devices.rotateDigest(id(0), alice);
        Signature memory signature = sign(1, digest);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IDevices.DeviceSignatureInvalid.selector, digest));
        devices.rotate(id(0), keyOf(2), signature);
        signature = sign(2, devices.rotateDigest(id(1), alice));
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IDevices.DeviceSignatureInvalid.selector, digest));
        devices.rotate(id(0), keyOf(2), signature);
    }

    function test_rotate_error_Unknown() external {
        vm.expectRevert(abi.encodeWithSelector(IDevices.DeviceUnknown.selector, id(0)));
        devices.rotate(id(0), keyOf(2), Signature(0, 0));
    }

    function test_rotate_error_Revoked() external {
        register(alice, 1);
        revoke(0);
        Signature memory signature = sign(2, devices.rotateDigest(id(0), alice));
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IDevices.DeviceIsRevoked.selector, id(0), 1));
        devices.rotate(id(0), keyOf(2), signature);
    }

    // revoke

    function test_revoke_default() external {
        register(alice, 1);
        warpToEpoch(3);
        rotate(0, 2);
        warpToEpoch(5);
        vm.expectEmit(address(devices));
        emit IDevices.DeviceRevoked(network, 0, 6);
        revoke(0);
        assertKey(0, 3, 1, true);
        assertKey(0, 5, 2, true);
        assertKey(0, 6, 2, false);
        assertKey(0, 100, 2, false);
        assertEq(devices.ownerOf(id(0)), alice);
        assertTrue(devices.isDeviceCountAt(network, 6, 1));
    }

    function test_revoke_behavior_BeforeGenesisActsFromEpochZero() external {
        vm.warp(GENESIS - 10);
        register(alice, 1);
        revoke(0);
        assertKey(0, 0, 1, false);
    }

    function test_revoke_error_NotOwner() external {
        register(alice, 1);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IDevices.NotDeviceOwner.selector, id(0), bob, alice));
        devices.revoke(id(0));
    }

    function test_revoke_error_Twice() external {
        register(alice, 1);
        revoke(0);
        warpToEpoch(9);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IDevices.DeviceIsRevoked.selector, id(0), 1));
        devices.revoke(id(0));
    }

    function test_revoke_error_Unknown() external {
        vm.expectRevert(abi.encodeWithSelector(IDevices.DeviceUnknown.selector, id(0)));
        devices.revoke(id(0));
    }

    // snapshot

    /// @dev Random registrations, rotations and revocations, compared with a list of what was done.
    function testFuzz_behavior_SnapshotIsWhatWasDone(uint256 seed) external {
        // Made ahead: a thousand runs would spend their time multiplying points.
        DeviceKey[8] memory keys;
        for (uint256 i = 1; i < keys.length; ++i) {
            keys[i] = keyOf(i);
        }
        uint256[8] memory from;
        uint256[8] memory revokedFrom;
        uint256[20][8] memory keyFrom; // [device][epoch] → secret + 1 of the rotation that acts from that epoch
        uint32 count;
        for (uint32 epoch = 0; epoch < 10; ++epoch) {
            warpToEpoch(epoch);
            for (uint256 step = 0; step < 2; ++step) {
                seed = uint256(keccak256(abi.encode(seed)));
                uint32 device = uint32((seed >> 8) % 8);
                uint256 secret = 1 + (seed >> 16) % 6;
                if (seed % 4 == 0 && count < 8) {
                    register(alice, secret);
                    (from[count], keyFrom[count][epoch + 1]) = (epoch + 1, secret + 1);
                    ++count;
                } else if (device < count && revokedFrom[device] == 0) {
                    if (seed % 4 == 1) {
                        revoke(device);
                        revokedFrom[device] = epoch + 1;
                    } else {
                        rotate(device, secret);
                        keyFrom[device][epoch + 1] = secret + 1;
                    }
                }
            }
        }
        for (uint32 epoch = 0; epoch < 12; ++epoch) {
            uint32 expected;
            for (uint32 device = 0; device < count; ++device) {
                if (from[device] <= epoch) ++expected;
                uint256 acting;
                for (uint256 e = 0; e <= epoch; ++e) {
                    if (keyFrom[device][e] != 0) acting = keyFrom[device][e];
                }
                if (acting == 0) continue;
                bool active = revokedFrom[device] == 0 || epoch < revokedFrom[device];
                assertEq(devices.isKeyAt(network, device, epoch, keys[acting - 1]), active);
                assertFalse(devices.isKeyAt(network, device, epoch, keys[acting % 7]));
            }
            for (uint32 n = 0; n <= 9; ++n) {
                assertEq(devices.isDeviceCountAt(network, epoch, n), n == expected);
            }
        }
    }

    function test_error_KeyOfUnknownDevice() external view {
        assertKey(0, 5, 1, false);
        assertFalse(devices.isKeyAt(network, 7, 5, DeviceKey(0, 0)));
    }

    // transferWithClaimed, recordClaim

    function test_transferWithClaimed_default() external {
        register(alice, 1);
        vm.prank(address(vault));
        devices.recordClaim(network, 0, 5 ether);
        vm.prank(alice);
        devices.transferWithClaimed(alice, bob, id(0), 5 ether);
        assertEq(devices.ownerOf(id(0)), bob);
        assertEq(devices.claimedOf(id(0)), 5 ether);
    }

    function test_transferWithClaimed_error_ClaimedDiffers() external {
        register(alice, 1);
        vm.prank(address(vault));
        devices.recordClaim(network, 0, 5 ether);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IDevices.ClaimedDiffers.selector, id(0), 4 ether, 5 ether));
        devices.transferWithClaimed(alice, bob, id(0), 4 ether);
    }

    function test_transferWithClaimed_error_NotApproved() external {
        register(alice, 1);
        vm.prank(bob);
        vm.expectRevert(ERC721.NotOwnerNorApproved.selector);
        devices.transferWithClaimed(alice, bob, id(0), 0);
        vm.prank(alice);
        devices.approve(bob, id(0));
        vm.prank(bob);
        devices.transferWithClaimed(alice, bob, id(0), 0);
        assertEq(devices.ownerOf(id(0)), bob);
    }

    function testFuzz_recordClaim_behavior_OnlyRises(uint96 a, uint96 b) external {
        register(alice, 1);
        vm.startPrank(address(vault));
        (address owner, uint96 previous) = devices.recordClaim(network, 0, a);
        assertEq(owner, alice);
        assertEq(previous, 0);
        (, previous) = devices.recordClaim(network, 0, b);
        assertEq(previous, a);
        assertEq(devices.claimedOf(id(0)), a > b ? a : b);
        assertEq(devices.ownerOf(id(0)), alice);
    }

    function test_recordClaim_error_NotVault() external {
        register(alice, 1);
        vm.expectRevert(abi.encodeWithSelector(IDevices.NotVault.selector, address(this), address(vault)));
        devices.recordClaim(network, 0, 1);
    }

    function test_recordClaim_error_VaultOfAnotherNetwork() external {
        register(alice, 1);
        NetworkId other = networks.create(config(), "other", RULESET, weights(10_000, 0, 0, 0));
        address otherVault = networks.vaultOf(other);
        vm.prank(otherVault);
        vm.expectRevert(abi.encodeWithSelector(IDevices.NotVault.selector, otherVault, address(vault)));
        devices.recordClaim(network, 0, 1);
    }

    function test_recordClaim_error_Unknown() external {
        vm.prank(address(vault));
        vm.expectRevert(abi.encodeWithSelector(IDevices.DeviceUnknown.selector, id(0)));
        devices.recordClaim(network, 0, 1);
    }

    function test_error_OnlyNetworksOpensAndGates() external {
        vm.expectRevert(abi.encodeWithSelector(IDevices.NotNetworks.selector, address(this)));
        devices.open(network, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(IDevices.NotNetworks.selector, address(this)));
        devices.gate(network);
    }

    function test_error_DeployedWithoutPrecompile() external {
        vm.mockCall(address(0x100), bytes(""), bytes(""));
        vm.expectRevert(IDevices.P256Missing.selector);
        new Devices(address(networks));
    }

    // specs/vectors/identity.json

    function test_behavior_DigestsOfTheVectors() external view {
        string memory json = vm.readFile("specs/vectors/identity.json");
        for (uint256 i = 0; vm.keyExistsJson(json, vectorAt(i, "")); ++i) {
            NetworkId n = NetworkId.wrap(bytes28(vm.parseJsonBytes(json, vectorAt(i, ".network"))));
            address owner = vm.parseJsonAddress(json, vectorAt(i, ".owner"));
            uint256 deviceId = vm.parseUint(vm.parseJsonString(json, vectorAt(i, ".deviceId")));
            assertEq(
                n.deviceId(uint32(vm.parseUint(vm.parseJsonString(json, vectorAt(i, ".index"))))), deviceId
            );
            uint16 class = uint16(vm.parseUint(vm.parseJsonString(json, vectorAt(i, ".class"))));
            assertEq(
                devices.onboardDigest(n, owner, class),
                vm.parseJsonBytes32(json, vectorAt(i, ".onboardDigest"))
            );
            assertEq(
                devices.rotateDigest(deviceId, owner), vm.parseJsonBytes32(json, vectorAt(i, ".rotateDigest"))
            );
            DeviceKey memory key = DeviceKey(
                vm.parseJsonBytes32(json, vectorAt(i, ".x")), vm.parseJsonBytes32(json, vectorAt(i, ".y"))
            );
            assertEq(
                devices.makerDigest(n, key, class), vm.parseJsonBytes32(json, vectorAt(i, ".makerDigest"))
            );
        }
    }

    function vectorAt(uint256 i, string memory field) private pure returns (string memory) {
        return string.concat(".devices[", vm.toString(i), "]", field);
    }
}
