// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {RewardVault} from "../src/RewardVault.sol";
import {IDevices} from "../src/interfaces/IDevices.sol";
import {NetworkConfig} from "../src/interfaces/INetworks.sol";
import {IReserve} from "../src/interfaces/IReserve.sol";
import {IRewardVault} from "../src/interfaces/IRewardVault.sol";
import {Foundation} from "./Foundation.sol";
import {PayoutTreeFixture} from "./PayoutTreeFixture.sol";

/// @notice A token that refuses one recipient, and can be told to call back on a transfer.
contract MoodyToken is ERC20("Moody", "MOOD") {
    address public refused;
    address public called;
    bytes public callData;

    constructor() {
        _mint(msg.sender, 1e27);
    }

    function refuse(address recipient) external {
        refused = recipient;
    }

    function callBack(address target, bytes calldata data) external {
        (called, callData) = (target, data);
    }

    function _update(address from, address to, uint256 amount) internal override {
        require(to != refused || to == address(0), "refused");
        super._update(from, to, amount);
        if (called != address(0)) {
            address target = called;
            called = address(0);
            (bool done,) = target.call(callData);
            require(done, "call back failed");
        }
    }
}

/// @notice An owner that is a contract and signs by ERC-1271 whatever its key signed.
contract ContractOwner {
    bytes32 public approved;

    function approveHash(bytes32 hash) external {
        approved = hash;
    }

    function isValidSignature(bytes32 hash, bytes calldata) external view returns (bytes4) {
        return hash == approved ? this.isValidSignature.selector : bytes4(0);
    }
}

/// @notice RewardVault.claim.tree, RewardVault.claimBatch.tree, RewardVault.claimWithAuthorization.tree, and the reserve.
contract RewardVaultTest is Foundation {
    using PayoutTreeFixture for PayoutTreeFixture.Tree;

    uint32 private constant COUNT = 6;
    bytes32 private constant ROOT = "root";
    address private relayer = makeAddr("relayer");
    address private recipient = makeAddr("recipient");
    uint256 private ownerSecret = 0xa11ce;

    PayoutTreeFixture.Tree private tree;
    uint128[] private cumulatives;

    function setUp() public override {
        super.setUp();
        for (uint32 i = 0; i < COUNT; ++i) {
            register(ownerOf(i), 1 + i);
            cumulatives.push(uint128(i + 1) * 1 ether);
        }
        cumulatives[5] = 0; // never earned
        finalise(ROOT);
        token.transfer(address(vault), 1000 ether);
    }

    function ownerOf(uint32 i) private view returns (address) {
        return vm.addr(ownerSecret + i);
    }

    function finalise(bytes32 rootId) private {
        tree = PayoutTreeFixture.build(cumulatives);
        settlement.setFinal(network, rootId, tree.topOf());
    }

    function claim(bytes32 rootId, uint32 index) private returns (uint256) {
        bytes memory siblings = tree.prove(index);
        vm.prank(relayer);
        return vault.claim(rootId, index, cumulatives[index], siblings);
    }

    function slice(uint256 first, uint256 width) private view returns (uint128[] memory part) {
        part = new uint128[](width);
        for (uint256 i = 0; i < width; ++i) {
            part[i] = cumulatives[first + i];
        }
    }

    // claim

    function test_claim_default() external {
        vm.expectEmit(address(vault));
        emit IRewardVault.Claimed(2, 3 ether);
        assertEq(claim(ROOT, 2), 3 ether);
        assertEq(token.balanceOf(ownerOf(2)), 3 ether);
        assertEq(token.balanceOf(relayer), 0);
        assertEq(devices.claimedOf(network.deviceId(2)), 3 ether);
    }

    function test_claim_behavior_AgainPaysNothing() external {
        claim(ROOT, 2);
        vm.recordLogs();
        assertEq(claim(ROOT, 2), 0);
        assertEq(vm.getRecordedLogs().length, 0);
        assertEq(token.balanceOf(ownerOf(2)), 3 ether);
    }

    function test_claim_behavior_NextRootPaysTheDifference() external {
        claim(ROOT, 2);
        cumulatives[2] = 10 ether;
        finalise("next");
        assertEq(claim("next", 2), 7 ether);
        assertEq(token.balanceOf(ownerOf(2)), 10 ether);
    }

    function test_claim_behavior_OlderRootAfterANewerPaysNothing() external {
        bytes memory oldProof = tree.prove(2);
        cumulatives[2] = 10 ether;
        finalise("next");
        claim("next", 2);
        assertEq(vault.claim(ROOT, 2, 3 ether, oldProof), 0);
        assertEq(devices.claimedOf(network.deviceId(2)), 10 ether);
    }

    function test_claim_behavior_NeverEarnedPaysNothing() external {
        assertEq(claim(ROOT, 5), 0);
    }

    function test_claim_behavior_GoesToTheOwnerAfterATransfer() external {
        address seller = ownerOf(2);
        uint256 deviceId = network.deviceId(2);
        vm.prank(seller);
        devices.transferWithClaimed(seller, bob, deviceId, 0);
        claim(ROOT, 2);
        assertEq(token.balanceOf(bob), 3 ether);
    }

    function test_claim_behavior_RevokedDevicesAreStillPaid() external {
        vm.prank(ownerOf(2));
        devices.revoke(network.deviceId(2));
        assertEq(claim(ROOT, 2), 3 ether);
    }

    function test_claim_error_RootNotFinal() external {
        bytes memory siblings = tree.prove(2);
        vm.expectRevert(abi.encodeWithSelector(IRewardVault.RootNotFinal.selector, bytes32("other")));
        vault.claim("other", 2, 3 ether, siblings);
        // Not even for the tree of a root that is, once that one was claimed on.
        claim(ROOT, 1);
        vm.expectRevert(abi.encodeWithSelector(IRewardVault.RootNotFinal.selector, bytes32("other")));
        vault.claim("other", 2, 3 ether, siblings);
    }

    function testFuzz_claim_error_ProofInvalid(uint32 index, uint128 amount, uint256 bit) external {
        claim(ROOT, 1);
        index = uint32(bound(index, 0, 20));
        bytes memory siblings = tree.prove(2);
        if (bit % 2 == 0) {
            vm.assume(index != 2 || amount != 3 ether);
        } else {
            (index, amount) = (2, 3 ether);
            bit = (bit / 2) % (siblings.length * 8);
            siblings[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        }
        vm.expectRevert(IRewardVault.ProofInvalid.selector);
        vault.claim(ROOT, index, amount, siblings);
    }

    function test_claim_error_AmountTooLarge() external {
        cumulatives[0] = uint128(1) << 96;
        finalise("big");
        bytes memory siblings = tree.prove(0);
        vm.expectRevert(abi.encodeWithSelector(IRewardVault.AmountTooLarge.selector, uint256(1) << 96));
        vault.claim("big", 0, cumulatives[0], siblings);
    }

    function test_claim_error_VaultIsShort() external {
        cumulatives[0] = 1001 ether;
        finalise("big");
        bytes memory siblings = tree.prove(0);
        vm.expectRevert();
        vault.claim("big", 0, 1001 ether, siblings);
        assertEq(devices.claimedOf(network.deviceId(0)), 0);
    }

    /// @dev Whatever is claimed in whatever order on whatever root, a device gets the highest amount it proved, once.
    function testFuzz_claim_behavior_PaysTheHighestOnce(uint256 seed) external {
        uint128[COUNT] memory highest;
        for (uint256 round = 0; round < 4; ++round) {
            for (uint32 i = 0; i < COUNT; ++i) {
                cumulatives[i] = uint128(uint256(keccak256(abi.encode(seed, round, i))) % 100 ether);
            }
            finalise(bytes32(round + 1));
            uint32 first = uint32(uint256(keccak256(abi.encode(seed, round))) % COUNT);
            uint32 width = 1 + uint32(seed >> round) % (COUNT - first);
            vault.claimBatch(bytes32(round + 1), first, slice(first, width), tree.proveRun(first, width));
            for (uint32 i = first; i < first + width; ++i) {
                if (cumulatives[i] > highest[i]) highest[i] = cumulatives[i];
            }
            claim(bytes32(round + 1), 0);
            if (cumulatives[0] > highest[0]) highest[0] = cumulatives[0];
        }
        for (uint32 i = 0; i < COUNT; ++i) {
            assertEq(token.balanceOf(ownerOf(i)), highest[i]);
            assertEq(devices.claimedOf(network.deviceId(i)), highest[i]);
        }
    }

    // claimBatch

    function test_claimBatch_default() external {
        assertEq(vault.claimBatch(ROOT, 1, slice(1, 4), tree.proveRun(1, 4)), 14 ether);
        for (uint32 i = 1; i < 5; ++i) {
            assertEq(token.balanceOf(ownerOf(i)), (i + 1) * 1 ether);
        }
        assertEq(token.balanceOf(ownerOf(0)), 0);
    }

    function test_claimBatch_behavior_PaysOnlyWhatIsDue() external {
        claim(ROOT, 1);
        assertEq(vault.claimBatch(ROOT, 0, slice(0, 6), tree.proveRun(0, 6)), 13 ether);
        assertEq(token.balanceOf(ownerOf(1)), 2 ether);
    }

    function test_claimBatch_error_RootNotFinal() external {
        bytes memory siblings = tree.proveRun(1, 4);
        vm.expectRevert(abi.encodeWithSelector(IRewardVault.RootNotFinal.selector, bytes32("other")));
        vault.claimBatch("other", 1, slice(1, 4), siblings);
    }

    function test_claimBatch_error_ProofInvalid() external {
        bytes memory siblings = tree.proveRun(1, 4);
        uint128[] memory claimed = slice(1, 4);
        vm.expectRevert(IRewardVault.ProofInvalid.selector);
        vault.claimBatch(ROOT, 0, claimed, siblings);
        ++claimed[3];
        vm.expectRevert(IRewardVault.ProofInvalid.selector);
        vault.claimBatch(ROOT, 1, claimed, siblings);
    }

    function test_claimBatch_behavior_SkipsARecipientThatIsRefused() external {
        MoodyToken moody = switchToMoody();
        moody.refuse(ownerOf(2));
        vm.expectEmit(address(vault));
        emit IRewardVault.ClaimSkipped(2, ownerOf(2));
        assertEq(vault.claimBatch(ROOT, 1, slice(1, 4), tree.proveRun(1, 4)), 11 ether);
        assertEq(devices.claimedOf(network.deviceId(2)), 0);
        assertEq(devices.claimedOf(network.deviceId(3)), 4 ether);
        moody.refuse(address(0));
        assertEq(claim(ROOT, 2), 3 ether);
    }

    function test_claimBatch_behavior_SkipsADeviceThatDoesNotExist() external {
        cumulatives.push(5 ether);
        finalise("beyond");
        vm.expectEmit(address(vault));
        emit IRewardVault.ClaimSkipped(6, address(0));
        assertEq(vault.claimBatch("beyond", 4, slice(4, 3), tree.proveRun(4, 3)), 5 ether);
    }

    function test_claimBatch_error_PayNeighbourIsTheVaultsOwn() external {
        vm.expectRevert(abi.encodeWithSelector(IRewardVault.NotSelf.selector, address(this)));
        vault.payNeighbour(2, 3 ether);
    }

    function test_claim_behavior_ClaimingFromWithinATransferPaysOnce() external {
        MoodyToken moody = switchToMoody();
        moody.callBack(address(vault), abi.encodeCall(vault.claim, (ROOT, 2, 3 ether, tree.prove(2))));
        assertEq(claim(ROOT, 2), 3 ether);
        assertEq(moody.balanceOf(ownerOf(2)), 3 ether);
        assertEq(moody.balanceOf(address(vault)), 997 ether);
    }

    /// @dev The same devices under another network whose token has moods.
    function switchToMoody() private returns (MoodyToken moody) {
        moody = new MoodyToken();
        NetworkConfig memory c = config();
        c.token = address(moody);
        network = networks.create(c, "moody", RULESET, weights(10_000, 0, 0, 0));
        vault = RewardVault(networks.vaultOf(network));
        for (uint32 i = 0; i < COUNT; ++i) {
            register(ownerOf(i), 1 + i);
        }
        moody.transfer(address(vault), 1000 ether);
        finalise(ROOT);
    }

    // claimWithAuthorization

    struct Authorization {
        uint32 index;
        address recipient;
        uint128 minimumCumulative;
        uint256 fee;
        uint256 deadline;
    }

    function authorization() private view returns (Authorization memory) {
        return Authorization(2, recipient, 3 ether, 0.25 ether, block.timestamp + 1 hours);
    }

    function digestOf(Authorization memory a) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Cairn"),
                keccak256("1"),
                block.chainid,
                address(vault)
            )
        );
        bytes32 message = keccak256(
            abi.encode(
                keccak256(
                    "ClaimAuthorization(uint256 deviceId,address recipient,uint128 minimumCumulative,uint256 fee,uint256 deadline)"
                ),
                network.deviceId(a.index),
                a.recipient,
                a.minimumCumulative,
                a.fee,
                a.deadline
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, message));
    }

    function signedBy(uint256 secret, Authorization memory a) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(secret, digestOf(a));
        return abi.encodePacked(r, s, v);
    }

    function submit(Authorization memory a, bytes memory signature) private returns (uint256) {
        bytes memory siblings = tree.prove(a.index);
        vm.prank(relayer);
        return vault.claimWithAuthorization(
            ROOT, a.index, a.minimumCumulative, siblings, a.recipient, a.fee, a.deadline, signature
        );
    }

    function test_claimWithAuthorization_default() external {
        Authorization memory a = authorization();
        assertEq(submit(a, signedBy(ownerSecret + 2, a)), 3 ether);
        assertEq(token.balanceOf(recipient), 2.75 ether);
        assertEq(token.balanceOf(relayer), 0.25 ether);
        assertEq(token.balanceOf(ownerOf(2)), 0);
        assertEq(devices.claimedOf(network.deviceId(2)), 3 ether);
    }

    function test_claimWithAuthorization_behavior_ServesOnce() external {
        Authorization memory a = authorization();
        bytes memory signature = signedBy(ownerSecret + 2, a);
        submit(a, signature);
        bytes memory siblings = tree.prove(2);
        vm.expectRevert(abi.encodeWithSelector(IRewardVault.FeeTooHigh.selector, a.fee, 0));
        vault.claimWithAuthorization(ROOT, 2, 3 ether, siblings, recipient, a.fee, a.deadline, signature);
    }

    function test_claimWithAuthorization_behavior_ContractOwner() external {
        ContractOwner owner = new ContractOwner();
        address seller = ownerOf(2);
        uint256 deviceId = network.deviceId(2);
        vm.prank(seller);
        devices.transferFrom(seller, address(owner), deviceId);
        Authorization memory a = authorization();
        owner.approveHash(digestOf(a));
        assertEq(submit(a, "anything"), 3 ether);
        assertEq(token.balanceOf(recipient), 2.75 ether);
    }

    function testFuzz_claimWithAuthorization_error_AnythingSignedDiffers(uint256 which) external {
        Authorization memory a = authorization();
        bytes memory signature = signedBy(ownerSecret + 2, a);
        which %= 5;
        if (which == 0) a.recipient = relayer;
        if (which == 1) a.fee += 1;
        if (which == 2) a.deadline += 1;
        if (which == 3) signature = signedBy(ownerSecret + 1, a);
        if (which == 4) signature[10] ^= 0x01;
        bytes memory siblings = tree.prove(2);
        vm.expectPartialRevert(IRewardVault.AuthorizationInvalid.selector);
        vault.claimWithAuthorization(ROOT, 2, 3 ether, siblings, a.recipient, a.fee, a.deadline, signature);
        assertEq(devices.claimedOf(network.deviceId(2)), 0);
    }

    function test_claimWithAuthorization_error_ForAnotherDevice() external {
        Authorization memory a = authorization();
        bytes memory signature = signedBy(ownerSecret + 2, a);
        bytes memory siblings = tree.prove(1);
        vm.expectPartialRevert(IRewardVault.AuthorizationInvalid.selector);
        vault.claimWithAuthorization(ROOT, 1, 2 ether, siblings, a.recipient, a.fee, a.deadline, signature);
    }

    function test_claimWithAuthorization_error_ByAFormerOwner() external {
        Authorization memory a = authorization();
        bytes memory signature = signedBy(ownerSecret + 2, a);
        address seller = ownerOf(2);
        uint256 deviceId = network.deviceId(2);
        vm.prank(seller);
        devices.transferFrom(seller, bob, deviceId);
        bytes memory siblings = tree.prove(2);
        vm.expectRevert(abi.encodeWithSelector(IRewardVault.AuthorizationInvalid.selector, seller, bob));
        vault.claimWithAuthorization(ROOT, 2, 3 ether, siblings, a.recipient, a.fee, a.deadline, signature);
    }

    function test_claimWithAuthorization_error_Expired() external {
        Authorization memory a = authorization();
        bytes memory signature = signedBy(ownerSecret + 2, a);
        bytes memory siblings = tree.prove(2);
        vm.warp(a.deadline + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IRewardVault.AuthorizationExpired.selector, a.deadline, a.deadline + 1)
        );
        vault.claimWithAuthorization(ROOT, 2, 3 ether, siblings, a.recipient, a.fee, a.deadline, signature);
    }

    function test_claimWithAuthorization_error_FeeTooHigh() external {
        Authorization memory a = authorization();
        a.fee = 3 ether + 1;
        bytes memory signature = signedBy(ownerSecret + 2, a);
        bytes memory siblings = tree.prove(2);
        vm.expectRevert(abi.encodeWithSelector(IRewardVault.FeeTooHigh.selector, a.fee, 3 ether));
        vault.claimWithAuthorization(ROOT, 2, 3 ether, siblings, a.recipient, a.fee, a.deadline, signature);
    }

    // Reserve

    function test_reserve_default() external {
        token.transfer(address(reserve), 100 ether);
        vm.startPrank(address(settlement));
        vm.expectEmit(address(reserve));
        emit IReserve.Released(address(vault), 40 ether, 0);
        reserve.releaseToVault(40 ether);
        assertEq(reserve.payAttester(alice, 10 ether), 10 ether);
        vm.stopPrank();
        assertEq(token.balanceOf(address(vault)), 1040 ether);
        assertEq(token.balanceOf(alice), 10 ether);
    }

    function test_reserve_behavior_DebtComesFirst() external {
        token.transfer(address(reserve), 100 ether);
        vm.startPrank(address(settlement));
        reserve.releaseToVault(130 ether);
        assertEq(reserve.owedTo(address(vault)), 30 ether);
        vm.stopPrank();
        token.transfer(address(reserve), 35 ether);
        vm.startPrank(address(settlement));
        assertEq(reserve.payAttester(alice, 6 ether), 5 ether);
        assertEq(reserve.owedTo(alice), 1 ether);
        vm.stopPrank();
        assertEq(reserve.payableTo(alice), 0);
        assertEq(reserve.payableTo(address(vault)), 30 ether);
        assertEq(reserve.settleDebt(address(vault)), 30 ether);
        assertEq(reserve.owedTo(address(vault)), 0);
        assertEq(token.balanceOf(address(vault)), 1130 ether);
        assertEq(token.balanceOf(address(reserve)), 0);
        token.transfer(address(reserve), 3 ether);
        assertEq(reserve.settleDebt(alice), 1 ether);
        assertEq(reserve.settleDebt(alice), 0);
        assertEq(token.balanceOf(alice), 6 ether);
    }

    function test_reserve_behavior_WhatATokenRefusesStaysOwed() external {
        MoodyToken moody = switchToMoody();
        moody.refuse(alice);
        IReserve other = IReserve(networks.reserveOf(network));
        moody.transfer(address(other), 10 ether);
        vm.prank(address(settlement));
        assertEq(other.payAttester(alice, 1 ether), 0);
        assertEq(moody.balanceOf(address(other)), 10 ether);
        assertEq(other.owedTo(alice), 1 ether);
        moody.refuse(address(0));
        // A recipient that calls back in the middle is not paid twice.
        moody.callBack(address(other), abi.encodeCall(IReserve.settleDebt, (alice)));
        assertEq(other.settleDebt(alice), 1 ether);
        assertEq(moody.balanceOf(alice), 1 ether);
    }

    function test_reserve_error_NotSettlement() external {
        vm.expectRevert(abi.encodeWithSelector(IReserve.NotSettlement.selector, address(this)));
        reserve.releaseToVault(1);
        vm.expectRevert(abi.encodeWithSelector(IReserve.NotSettlement.selector, address(this)));
        reserve.payAttester(alice, 1);
    }

    function test_behavior_VaultKnowsItsNetworkAndToken() external view {
        assertTrue(vault.network() == network);
        assertEq(vault.token(), address(token));
    }

    function test_error_UnknownDeviceAlone() external {
        cumulatives.push(5 ether);
        finalise("beyond");
        bytes memory siblings = tree.prove(6);
        vm.expectRevert(abi.encodeWithSelector(IDevices.DeviceUnknown.selector, network.deviceId(6)));
        vault.claim("beyond", 6, 5 ether, siblings);
    }
}
