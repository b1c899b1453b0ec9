// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NetworkToken} from "../src/NetworkToken.sol";
import {RewardVault} from "../src/RewardVault.sol";
import {PayoutProof} from "../src/interfaces/IChallenges.sol";
import {IRewardVault} from "../src/interfaces/IRewardVault.sol";
import {NetworkId} from "../src/types/NetworkId.sol";
import {SettlementWorld} from "./SettlementWorld.sol";

/// @notice Anybody creates networks, and is all the verifiers of one whose token is worth nothing. Its roots must pay out of its own vault alone.
contract VaultsApartTest is SettlementWorld {
    function test_RootOfAnotherNetworkPaysNothing() external {
        (Draft memory d, bytes32 id) = acceptHonest();
        vm.warp(block.timestamp + CHALLENGE);
        settlement.finalise(id);

        // Another network of the same deployment, with a full vault and a device at the same index.
        (NetworkId other, NetworkToken otherToken, RewardVault otherVault,) =
            createNetwork(config(), emission, 1e27, "other", RULESET, [uint16(7_000), 3_000, 0, 0]);
        otherToken.transfer(address(otherVault), 1e24);
        address thief = makeAddr("thief");
        for (uint32 i; i < DEVICES; ++i) {
            vm.startPrank(thief);
            devices.register(other, 1, keyOf(i), sign(i, devices.onboardDigest(other, thief, 1)), "");
            vm.stopPrank();
        }

        PayoutProof memory proof = payoutProof(d, 0);
        assertGt(proof.cumulative, 0);
        vm.expectRevert(abi.encodeWithSelector(IRewardVault.RootNotFinal.selector, id));
        otherVault.claim(id, 0, proof.cumulative, proof.siblings);
        uint128[] memory cumulatives = new uint128[](1);
        cumulatives[0] = proof.cumulative;
        vm.expectRevert(abi.encodeWithSelector(IRewardVault.RootNotFinal.selector, id));
        otherVault.claimBatch(id, 0, cumulatives, proof.siblings);
        assertEq(otherToken.balanceOf(thief), 0);
        assertEq(settlement.finalTop(other, id), 0);

        // In its own network the same claim pays.
        RewardVault own = RewardVault(networks.vaultOf(network));
        assertEq(own.claim(id, 0, proof.cumulative, proof.siblings), proof.cumulative);
    }
}
