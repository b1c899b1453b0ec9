// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NetworkToken} from "../src/NetworkToken.sol";
import {IBeacon} from "../src/interfaces/IBeacon.sol";
import {Programs} from "../src/interfaces/IBudgets.sol";
import {INetworks, NetworkConfig, Ruleset} from "../src/interfaces/INetworks.sol";
import {NetworkId} from "../src/types/NetworkId.sol";
import {Timeline} from "../src/types/Timeline.sol";
import {Foundation} from "./Foundation.sol";

contract NetworksTest is Foundation {
    NetworkId private constant UNKNOWN = NetworkId.wrap(bytes28(uint224(1)));

    function adopt(bytes memory document, Programs memory programs) private {
        vm.prank(governor);
        networks.adoptRuleset(network, document, programs);
    }

    // create

    function test_create_default() external view {
        assertEq(
            NetworkId.unwrap(network),
            bytes28(
                keccak256(abi.encode(block.chainid, address(networks), address(this), bytes32("example")))
            )
        );
        assertTrue(networks.exists(network));
        assertFalse(networks.exists(UNKNOWN));
        assertEq(keccak256(abi.encode(networks.configOf(network))), keccak256(abi.encode(config())));
        assertEq(networks.ownerOf(network), governor);
        assertEq(networks.tokenOf(network), address(token));
        assertEq(networks.timelineOf(network).exitSeconds, 2 days);
        assertEq(reserve.SETTLEMENT(), address(settlement));
        assertEq(reserve.VAULT(), address(vault));
        assertEq(address(reserve.TOKEN()), address(token));
        Ruleset memory ruleset = networks.rulesetAt(network, 0);
        assertEq(ruleset.fromEpoch, 0);
        assertEq(ruleset.hash, keccak256(RULESET));
    }

    function test_create_error_Exists() external {
        vm.expectRevert(abi.encodeWithSelector(INetworks.NetworkExists.selector, network));
        networks.create(config(), "example", RULESET, weights(10_000, 0, 0, 0));
        // The same salt is another network for another creator.
        vm.prank(alice);
        assertTrue(networks.create(config(), "example", RULESET, weights(10_000, 0, 0, 0)) != network);
    }

    function test_create_error_Share() external {
        NetworkConfig memory c = config();
        c.verifierShareBps = 10_001;
        vm.expectRevert(abi.encodeWithSelector(INetworks.ShareTooLarge.selector, 10_001));
        networks.create(c, "b", RULESET, weights(10_000, 0, 0, 0));
    }

    function test_create_error_Emission() external {
        vm.mockCall(address(emission), abi.encodeCall(emission.total, ()), abi.encode(uint256(1) << 96));
        vm.expectRevert(
            abi.encodeWithSelector(INetworks.EmissionTooLarge.selector, uint256(1) << 96, type(uint96).max)
        );
        networks.create(config(), "b", RULESET, weights(10_000, 0, 0, 0));
    }

    function test_create_error_TimelineAnywhere() external {
        Timeline memory t = config().timeline;
        t.sealSeconds = EPOCH_SECONDS + 1;
        refuse(t, "epochSeconds", EPOCH_SECONDS + 1, EPOCH_SECONDS);
        t = config().timeline;
        uint32 longest = 1 days + 8 hours + EPOCH_SECONDS + 300;
        t.exitSeconds = longest - 1;
        refuse(t, "exitSeconds", longest, longest - 1);
        t = config().timeline;
        t.epochSeconds = 0;
        refuse(t, "epochSeconds", 1, 0);
    }

    function test_create_behavior_ShortTimelinesOnTheLocalChainOnly() external {
        NetworkConfig memory c = config();
        c.timeline = Timeline(GENESIS, 10, 2, 2, 5, 8, 1, 1, 28);
        networks.create(c, "fast", RULESET, weights(10_000, 0, 0, 0));
        vm.chainId(1);
        c.beacon = IBeacon(address(networks)); // any contract
        refuse(c.timeline, "epochSeconds", 600, 10);
        c.timeline.epochSeconds = 600;
        refuse(c.timeline, "sealSeconds", 60, 2);
        c.timeline.sealSeconds = 60;
        refuse(c.timeline, "availabilitySeconds", 300, 2);
        c.timeline.availabilitySeconds = 300;
        refuse(c.timeline, "attestSeconds", 600, 5);
        c.timeline.attestSeconds = 600;
        refuse(c.timeline, "challengeSeconds", 1 days, 8);
        c.timeline.challengeSeconds = 1 days;
        refuse(c.timeline, "responseSeconds", 1 hours, 1);
        c.timeline.responseSeconds = 1 hours;
        refuse(c.timeline, "exitSeconds", 1 days + 8 hours + 660, 28);
        c.timeline.exitSeconds = 1 days + 8 hours + 660;
        networks.create(c, "slow", RULESET, weights(10_000, 0, 0, 0));
    }

    function refuse(Timeline memory timeline, string memory field, uint256 minimum, uint256 given) private {
        NetworkConfig memory c = config();
        c.timeline = timeline;
        vm.expectRevert(abi.encodeWithSelector(INetworks.TimelineTooShort.selector, field, minimum, given));
        networks.create(c, "b", RULESET, weights(10_000, 0, 0, 0));
    }

    function test_create_error_BeaconMissing() external {
        NetworkConfig memory c = config();
        c.beacon = IBeacon(makeAddr("no contract"));
        vm.expectRevert(abi.encodeWithSelector(INetworks.BeaconMissing.selector, address(c.beacon)));
        networks.create(c, "b", RULESET, weights(10_000, 0, 0, 0));
        vm.chainId(1);
        c.beacon = IBeacon(address(0));
        vm.expectRevert(abi.encodeWithSelector(INetworks.BeaconMissing.selector, address(0)));
        networks.create(c, "b", RULESET, weights(10_000, 0, 0, 0));
    }

    // rulesets

    function test_adoptRuleset_default() external {
        warpToEpoch(4);
        vm.expectEmit(address(networks));
        emit INetworks.RulesetAdopted(network, 5, keccak256("two"), weights(6000, 4000, 0, 0), "two");
        adopt("two", weights(6000, 4000, 0, 0));
        assertEq(networks.rulesetAt(network, 4).hash, keccak256(RULESET));
        assertEq(networks.rulesetAt(network, 5).hash, keccak256("two"));
        assertEq(budgets.weightsAt(network, 5)[1], 4000);
        assertEq(networks.rulesetAt(network, type(uint32).max).fromEpoch, 5);
    }

    function test_adoptRuleset_behavior_LastWithinAnEpochWins() external {
        warpToEpoch(4);
        adopt("two", weights(6000, 4000, 0, 0));
        adopt("three", weights(0, 0, 0, 10_000));
        assertEq(networks.rulesetAt(network, 5).hash, keccak256("three"));
        assertEq(budgets.weightsAt(network, 5)[0], 0);
        assertEq(networks.rulesetAt(network, 4).hash, keccak256(RULESET));
    }

    function test_adoptRuleset_behavior_BeforeGenesisReplacesTheFirst() external {
        vm.warp(GENESIS - 1);
        adopt("two", weights(6000, 4000, 0, 0));
        assertEq(networks.rulesetAt(network, 0).hash, keccak256("two"));
    }

    // makers, quarantine, owner

    function test_default_MakersQuarantineAndOwner() external {
        vm.startPrank(governor);
        networks.setMaker(network, 3, alice, true);
        networks.requireMaker(network, 3, true);
        assertTrue(networks.isMaker(network, 3, alice));
        assertFalse(networks.isMaker(network, 4, alice));
        assertTrue(networks.makerRequired(network, 3));
        assertFalse(networks.makerRequired(network, 4));
        networks.setMaker(network, 3, alice, false);
        assertFalse(networks.isMaker(network, 3, alice));

        assertEq(networks.quarantinedFrom(network, "report"), type(uint32).max);
        warpToEpoch(4);
        networks.quarantine(network, "report");
        warpToEpoch(9);
        networks.quarantine(network, "report");
        assertEq(networks.quarantinedFrom(network, "report"), 5);

        networks.changeOwner(network, bob);
        assertEq(networks.ownerOf(network), bob);
        vm.expectRevert(abi.encodeWithSelector(INetworks.NotOwner.selector, network, governor, bob));
        networks.changeOwner(network, governor);
    }

    function test_error_NotOwner() external {
        bytes memory refusal =
            abi.encodeWithSelector(INetworks.NotOwner.selector, network, address(this), governor);
        vm.expectRevert(refusal);
        networks.adoptRuleset(network, "two", weights(10_000, 0, 0, 0));
        vm.expectRevert(refusal);
        networks.setMaker(network, 1, alice, true);
        vm.expectRevert(refusal);
        networks.requireMaker(network, 1, true);
        vm.expectRevert(refusal);
        networks.quarantine(network, "report");
        vm.expectRevert(refusal);
        networks.changeOwner(network, alice);
    }

    function test_error_Unknown() external {
        bytes memory refusal = abi.encodeWithSelector(INetworks.NetworkUnknown.selector, UNKNOWN);
        vm.expectRevert(refusal);
        networks.configOf(UNKNOWN);
        vm.expectRevert(refusal);
        networks.rulesetAt(UNKNOWN, 0);
        vm.expectRevert(refusal);
        budgets.budgetOf(UNKNOWN, 0, 1);
        vm.expectRevert(refusal);
        networks.vaultOf(UNKNOWN);
        vm.expectRevert(refusal);
        networks.changeOwner(UNKNOWN, alice);
    }

    // NetworkToken

    function test_token_error_RecipientsDiffer() external {
        vm.expectRevert(abi.encodeWithSelector(NetworkToken.RecipientsDiffer.selector, 1, 2));
        new NetworkToken("A", "B", new address[](1), new uint256[](2), address(0));
    }
}
