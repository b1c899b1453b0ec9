// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DeviceKey, Signature} from "../src/interfaces/IDevices.sol";
import {PayoutTree} from "../src/libraries/PayoutTree.sol";
import {Foundation} from "./Foundation.sol";

/// @notice What transactions cost in full: every call is a transaction of its own (isolate), so the figures hold the 21 000 and the calldata
///         (and its floor, EIP-7623), and start with cold slots. contracts/snapshots/Gas.json keeps them.
/// forge-config: default.isolate = true
contract GasTest is Foundation {
    uint256 private constant DEPTH = 17; // of a tree of 100 000 devices
    uint32 private constant INDEX = 40_960;
    uint128 private constant CUMULATIVE = 1234.567890123456789 ether; // what a device has earned, of a supply of 1e27

    function setUp() public override {
        super.setUp();
        token.transfer(address(vault), 1e26);
    }

    function test_gas_Onboarding() external {
        register(bob, 1); // not the network's first
        DeviceKey memory key = keyOf(2);
        Signature memory signature = sign(2, devices.onboardDigest(network, alice, CLASS));
        vm.prank(alice);
        devices.register(network, CLASS, key, signature, "");
        uint256 first = vm.snapshotGasLastCall("Gas", "register, owner's first device");

        key = keyOf(3);
        signature = sign(3, devices.onboardDigest(network, alice, CLASS));
        vm.prank(alice);
        devices.register(network, CLASS, key, signature, "");
        uint256 later = vm.snapshotGasLastCall("Gas", "register, later device");
        assertLe(first, 110_000);
        assertLe(later, 110_000);
    }

    function test_gas_RotateAndRevoke() external {
        uint256 id = network.deviceId(register(alice, 1));
        warpToEpoch(5);
        Signature memory signature = sign(2, devices.rotateDigest(id, alice));
        vm.prank(alice);
        devices.rotate(id, keyOf(2), signature);
        vm.snapshotGasLastCall("Gas", "rotate");
        vm.prank(alice);
        devices.revoke(id);
        vm.snapshotGasLastCall("Gas", "revoke");
    }

    function test_gas_Claim() external {
        onboard(INDEX, 1, alice, false);
        onboard(INDEX + 1, 1, bob, false);
        for (uint256 round = 1; round <= 2; ++round) {
            // Alice's and Bob's devices are neighbours: each is the other's first sibling.
            uint128 cumulative = CUMULATIVE + uint128(round) * 5.4321 ether;
            bytes memory above = randomSiblings(DEPTH - 1);
            bytes memory aliceSiblings = bytes.concat(leafNode(INDEX + 1, cumulative), above);
            bytes memory bobSiblings = bytes.concat(leafNode(INDEX, cumulative), above);
            bytes32 rootId = keccak256(abi.encode("root", round));
            settlement.setFinal(network, rootId, this.topOf(aliceSiblings, INDEX, cumulative));

            string memory which = round == 1 ? "claim, first" : "claim, repeat";
            vault.claim(rootId, INDEX + 1, cumulative, bobSiblings);
            vm.snapshotGasLastCall("Gas", string.concat(which, ", the root's first claim"));
            vault.claim(rootId, INDEX, cumulative, aliceSiblings);
            uint256 gas = vm.snapshotGasLastCall("Gas", which);
            assertEq(token.balanceOf(alice), cumulative);
            assertEq(token.balanceOf(bob), cumulative);
            // DESIGN's budget for a repeat. Of it, 59 400 are the base fee, the calldata, and what four storage slots, two accounts and two events
            // cost; the tree takes 3 200 of the rest.
            assertLe(gas, round == 1 ? 84_000 : 66_800);
        }
    }

    function test_gas_ClaimBatch() external {
        onboard(INDEX, 50, address(0), true);
        (bytes memory siblings, uint128[] memory first, uint128[] memory second) = run(50);
        finaliseRun("root 1", siblings, first);
        finaliseRun("root 2", siblings, second);

        vault.claimBatch("root 1", INDEX, first, siblings);
        uint256 firstGas = vm.lastCallGas().gasTotalUsed;
        vm.snapshotValue("Gas", "claim, batch of 50 owners, first, each", firstGas / 50);
        vault.claimBatch("root 2", INDEX, second, siblings);
        uint256 repeatGas = vm.lastCallGas().gasTotalUsed;
        vm.snapshotValue("Gas", "claim, batch of 50 owners, repeat, each", repeatGas / 50);
        assertEq(token.balanceOf(ownerOf(49)), second[49]);
        assertLe(firstGas / 50, 42_000);
        assertLe(repeatGas / 50, 22_000);
    }

    function run(uint256 count)
        private
        view
        returns (bytes memory siblings, uint128[] memory first, uint128[] memory second)
    {
        uint32 last = INDEX + uint32(count) - 1;
        uint32 begin = INDEX;
        for (uint256 level = 0; level < DEPTH; ++level) {
            if (begin % 2 == 1) siblings = bytes.concat(siblings, randomSibling(level));
            if (last % 2 == 0) siblings = bytes.concat(siblings, randomSibling(level));
            (begin, last) = (begin / 2, last / 2);
        }
        first = new uint128[](count);
        second = new uint128[](count);
        for (uint256 i = 0; i < count; ++i) {
            first[i] = CUMULATIVE + uint128(i) * 1.23456789 ether;
            second[i] = first[i] + 5.4321 ether;
        }
    }

    function onboard(uint32 first, uint32 count, address owner, bool each) private {
        // Registering 40 000 devices takes too long here: the registry's count is set ahead instead. Its slot is the mapping's third word.
        setDeviceCount(first);
        for (uint32 i = 0; i < count; ++i) {
            register(each ? ownerOf(i) : owner, 100 + i);
        }
    }

    function setDeviceCount(uint32 count) private {
        bytes32 registry = registrySlot();
        bytes32 before = vm.load(address(devices), registry);
        vm.store(address(devices), registry, (before >> 32 << 32) | bytes32(uint256(count)));
        assertEq(devices.deviceCount(network), count);
    }

    function registrySlot() private view returns (bytes32) {
        // The one mapping entry that is written when a network is opened, and so not empty: found, not assumed.
        for (uint256 slot = 0; slot < 8; ++slot) {
            bytes32 entry = keccak256(abi.encode(network, slot));
            if (vm.load(address(devices), entry) != 0) return entry;
        }
        revert("no registry");
    }

    function ownerOf(uint32 i) private pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode("owner", i)))));
    }

    function randomSiblings(uint256 depth) private pure returns (bytes memory siblings) {
        for (uint256 level = 0; level < depth; ++level) {
            siblings = bytes.concat(siblings, randomSibling(level));
        }
    }

    /// @dev At level k, what 2^k devices earned.
    function randomSibling(uint256 level) private pure returns (bytes memory) {
        return abi.encodePacked(
            keccak256(abi.encode("sibling", level)), uint128(987.654321987654321 ether) << level
        );
    }

    function leafNode(uint32 index, uint128 cumulative) private pure returns (bytes memory) {
        return abi.encodePacked(PayoutTree.leaf(index, cumulative), cumulative);
    }

    function finaliseRun(bytes32 rootId, bytes memory siblings, uint128[] memory cumulatives) private {
        settlement.setFinal(network, rootId, this.topOfRun(siblings, INDEX, cumulatives));
    }

    function topOf(bytes calldata siblings, uint32 index, uint128 cumulative)
        external
        pure
        returns (bytes32)
    {
        (bytes32 hash, uint128 sum) = PayoutTree.process(
            siblings, index, PayoutTree.leaf(index, cumulative), cumulative
        );
        return PayoutTree.top(hash, sum);
    }

    function topOfRun(bytes calldata siblings, uint32 first, uint128[] calldata cumulatives)
        external
        pure
        returns (bytes32)
    {
        (bytes32 hash, uint128 sum) = PayoutTree.processRun(siblings, first, cumulatives);
        return PayoutTree.top(hash, sum);
    }
}
