// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IStake, Role} from "../src/interfaces/IStake.sol";
import {Foundation} from "./Foundation.sol";

/// @notice Stake.requestExit.tree, Stake.withdraw.tree, deposits, slashing and weights. This contract is the one authorised to slash.
contract StakeTest is Foundation {
    function setUp() public override {
        super.setUp();
        fund(alice);
        fund(bob);
    }

    function fund(address holder) private {
        token.transfer(holder, 10_000 ether);
        vm.prank(holder);
        token.approve(address(stake), type(uint256).max);
    }

    function deposit(address holder, Role role, uint128 amount) private {
        vm.prank(holder);
        stake.deposit(network, role, amount);
    }

    function requestExit(address holder, uint128 amount) private {
        vm.prank(holder);
        stake.requestExit(network, Role.Verifier, amount);
    }

    function weight(address holder, uint32 epoch) private view returns (uint128) {
        return stake.weightOf(network, Role.Verifier, holder, epoch);
    }

    // deposit

    function test_deposit_default() external {
        warpToEpoch(4);
        vm.expectEmit(address(stake));
        emit IStake.Deposited(network, Role.Verifier, alice, 300 ether, 300 ether, 5);
        deposit(alice, Role.Verifier, 300 ether);
        assertEq(weight(alice, 4), 0);
        assertEq(weight(alice, 5), 300 ether);
        assertEq(stake.slashableOf(network, Role.Verifier, alice), 300 ether);
        assertEq(token.balanceOf(address(stake)), 300 ether);
        assertEq(stake.holders(network, Role.Verifier).length, 1);

        warpToEpoch(6);
        deposit(alice, Role.Verifier, 50 ether);
        deposit(bob, Role.Verifier, 200 ether);
        assertEq(weight(alice, 6), 300 ether);
        assertEq(weight(alice, 7), 350 ether);
        assertEq(stake.totalWeight(network, Role.Verifier, 6), 300 ether);
        assertEq(stake.totalWeight(network, Role.Verifier, 7), 550 ether);
        assertEq(stake.holders(network, Role.Verifier).length, 2);
    }

    function test_deposit_error_BelowTheBond() external {
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStake.BondTooSmall.selector, 200 ether, 199 ether));
        stake.deposit(network, Role.Verifier, 199 ether);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStake.BondTooSmall.selector, 100 ether, 99 ether));
        stake.deposit(network, Role.Ingest, 99 ether);
    }

    function test_deposit_error_SetFull() external {
        for (uint256 i = 0; i < 32; ++i) {
            address holder = vm.addr(1000 + i);
            fund(holder);
            deposit(holder, Role.Ingest, 100 ether);
        }
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStake.SetFull.selector, network, Role.Ingest, 32));
        stake.deposit(network, Role.Ingest, 100 ether);
        // The other role has places of its own, and a slash makes room.
        deposit(alice, Role.Verifier, 200 ether);
        stake.slashAll(network, Role.Ingest, vm.addr(1000 + 7), bob);
        deposit(alice, Role.Ingest, 100 ether);
        assertEq(stake.holders(network, Role.Ingest).length, 32);
    }

    // requestExit

    function test_requestExit_default() external {
        deposit(alice, Role.Verifier, 500 ether);
        warpToEpoch(4);
        vm.expectEmit(address(stake));
        emit IStake.ExitRequested(
            network, Role.Verifier, alice, 300 ether, uint64(block.timestamp + 2 days), 5
        );
        requestExit(alice, 300 ether);
        assertEq(weight(alice, 4), 500 ether);
        assertEq(weight(alice, 5), 200 ether);
        assertEq(stake.slashableOf(network, Role.Verifier, alice), 500 ether);
    }

    function test_requestExit_behavior_AddsToTheFirstAndRestartsTheDelay() external {
        deposit(alice, Role.Verifier, 500 ether);
        requestExit(alice, 100 ether);
        skip(1 days);
        requestExit(alice, 400 ether);
        skip(1 days);
        vm.prank(alice);
        vm.expectPartialRevert(IStake.ExitTooEarly.selector);
        stake.withdraw(network, Role.Verifier);
        skip(1 days);
        vm.prank(alice);
        stake.withdraw(network, Role.Verifier);
        assertEq(token.balanceOf(alice), 10_000 ether);
    }

    function test_requestExit_error_NothingToExit() external {
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStake.NothingToExit.selector, alice));
        stake.requestExit(network, Role.Verifier, 1);
        deposit(alice, Role.Verifier, 500 ether);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStake.NothingToExit.selector, alice));
        stake.requestExit(network, Role.Verifier, 0);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStake.NothingToExit.selector, alice));
        stake.requestExit(network, Role.Verifier, 500 ether + 1);
        requestExit(alice, 500 ether);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStake.NothingToExit.selector, alice));
        stake.requestExit(network, Role.Verifier, 1);
    }

    function test_requestExit_error_LeavesLessThanABond() external {
        deposit(alice, Role.Verifier, 500 ether);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStake.BondTooSmall.selector, 200 ether, 199 ether));
        stake.requestExit(network, Role.Verifier, 301 ether);
    }

    // withdraw

    function test_withdraw_default() external {
        deposit(alice, Role.Verifier, 500 ether);
        deposit(bob, Role.Verifier, 500 ether);
        requestExit(alice, 500 ether);
        skip(2 days);
        vm.expectEmit(address(stake));
        emit IStake.Withdrawn(network, Role.Verifier, alice, 500 ether);
        vm.prank(alice);
        stake.withdraw(network, Role.Verifier);
        assertEq(token.balanceOf(alice), 10_000 ether);
        assertEq(stake.holders(network, Role.Verifier).length, 1);
        assertEq(stake.holders(network, Role.Verifier)[0], bob);
        // An old snapshot counted it; what can not be slashed any more has no weight.
        assertEq(weight(alice, 1), 0);
        assertEq(stake.totalWeight(network, Role.Verifier, 1), 500 ether);
    }

    function test_withdraw_behavior_PartStaysIn() external {
        deposit(alice, Role.Verifier, 500 ether);
        requestExit(alice, 200 ether);
        skip(2 days);
        vm.prank(alice);
        stake.withdraw(network, Role.Verifier);
        assertEq(weight(alice, 1), 300 ether);
        assertEq(stake.holders(network, Role.Verifier).length, 1);
    }

    function test_withdraw_error_NothingToExit() external {
        deposit(alice, Role.Verifier, 500 ether);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStake.NothingToExit.selector, alice));
        stake.withdraw(network, Role.Verifier);
    }

    function test_withdraw_error_TooEarly() external {
        deposit(alice, Role.Verifier, 500 ether);
        requestExit(alice, 500 ether);
        uint64 due = uint64(block.timestamp + 2 days);
        vm.warp(due - 1);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStake.ExitTooEarly.selector, due, due - 1));
        stake.withdraw(network, Role.Verifier);
    }

    function test_withdraw_error_StillLiable() external {
        deposit(alice, Role.Verifier, 500 ether);
        stake.addLiability(network, Role.Verifier, alice);
        stake.addLiability(network, Role.Verifier, alice);
        requestExit(alice, 500 ether);
        skip(30 days);
        stake.dropLiability(network, Role.Verifier, alice);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStake.StillLiable.selector, alice, 1));
        stake.withdraw(network, Role.Verifier);
        stake.dropLiability(network, Role.Verifier, alice);
        vm.prank(alice);
        stake.withdraw(network, Role.Verifier);
    }

    // slash

    function test_slash_default() external {
        deposit(alice, Role.Verifier, 500 ether);
        warpToEpoch(3);
        uint256 supply = token.totalSupply();
        vm.expectEmit(address(stake));
        emit IStake.Slashed(network, Role.Verifier, alice, 50 ether, address(0), 0);
        stake.slash(network, Role.Verifier, alice, 50 ether);
        assertEq(supply - token.totalSupply(), 50 ether);
        assertEq(stake.slashableOf(network, Role.Verifier, alice), 450 ether);
        assertEq(weight(alice, 3), 450 ether, "what is gone has no weight, whatever the snapshot says");
        assertEq(stake.countedAt(network, Role.Verifier, alice, 3), 500 ether);
        assertEq(stake.countedAt(network, Role.Verifier, alice, 4), 450 ether);
        assertEq(stake.holders(network, Role.Verifier).length, 1);
    }

    function test_slash_behavior_WhatIsExitingGoesLast() external {
        deposit(alice, Role.Verifier, 500 ether);
        requestExit(alice, 300 ether);
        warpToEpoch(2);
        stake.slash(network, Role.Verifier, alice, 50 ether);
        assertEq(weight(alice, 3), 150 ether);
        stake.slash(network, Role.Verifier, alice, 250 ether);
        assertEq(weight(alice, 3), 0);
        warpToEpoch(100);
        vm.prank(alice);
        stake.withdraw(network, Role.Verifier);
        assertEq(token.balanceOf(address(stake)), 0, "the rest of what was exiting is out");
    }

    function test_slash_behavior_NoMoreThanThereIs() external {
        deposit(alice, Role.Verifier, 500 ether);
        stake.slash(network, Role.Verifier, alice, 501 ether);
        assertEq(stake.slashableOf(network, Role.Verifier, alice), 0);
        assertEq(stake.holders(network, Role.Verifier).length, 0);
        stake.slash(network, Role.Verifier, alice, 1);
    }

    // slashAll

    function test_slashAll_default() external {
        deposit(alice, Role.Verifier, 500 ether);
        deposit(bob, Role.Verifier, 200 ether);
        requestExit(alice, 300 ether);
        warpToEpoch(3);
        uint256 supply = token.totalSupply();
        address winner = makeAddr("winner");
        uint256 third = uint256(500 ether) / 3;
        vm.expectEmit(address(stake));
        emit IStake.Slashed(network, Role.Verifier, alice, 500 ether, winner, uint128(third));
        assertEq(stake.slashAll(network, Role.Verifier, alice, winner), 500 ether);
        assertEq(token.balanceOf(winner), third);
        assertEq(supply - token.totalSupply(), 500 ether - third);
        for (uint32 epoch = 0; epoch < 6; ++epoch) {
            assertEq(weight(alice, epoch), 0);
            assertEq(stake.totalWeight(network, Role.Verifier, epoch), epoch == 0 ? 0 : 200 ether);
        }
        assertEq(stake.holders(network, Role.Verifier).length, 1);
        assertEq(stake.slashAll(network, Role.Verifier, alice, winner), 0);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStake.NothingToExit.selector, alice));
        stake.withdraw(network, Role.Verifier);
    }

    function test_slashAll_behavior_ANewBondHasNoWeightInSnapshotsAfterTheSlash() external {
        deposit(alice, Role.Verifier, 500 ether);
        warpToEpoch(3);
        stake.slashAll(network, Role.Verifier, alice, bob);
        warpToEpoch(5);
        deposit(alice, Role.Verifier, 200 ether);
        assertEq(weight(alice, 4), 0);
        assertEq(weight(alice, 5), 0);
        assertEq(weight(alice, 6), 200 ether);
    }

    function test_slashAll_behavior_NoWinnerBurnsAll() external {
        deposit(alice, Role.Verifier, 500 ether);
        uint256 supply = token.totalSupply();
        stake.slashAll(network, Role.Verifier, alice, address(0));
        assertEq(supply - token.totalSupply(), 500 ether);
    }

    function test_slashAll_behavior_TokenWithoutBurn() external {
        deposit(alice, Role.Verifier, 300 ether);
        vm.mockCallRevert(address(token), abi.encodeWithSignature("burn(uint256)"), "");
        stake.slashAll(network, Role.Verifier, alice, bob);
        assertEq(token.balanceOf(0x000000000000000000000000000000000000dEaD), 200 ether);
        assertEq(token.balanceOf(address(stake)), 0);
    }

    function test_error_NotAuthorised() external {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStake.NotAuthorised.selector, alice));
        stake.addLiability(network, Role.Verifier, alice);
        vm.expectRevert(abi.encodeWithSelector(IStake.NotAuthorised.selector, alice));
        stake.dropLiability(network, Role.Verifier, alice);
        vm.expectRevert(abi.encodeWithSelector(IStake.NotAuthorised.selector, alice));
        stake.slashAll(network, Role.Verifier, bob, alice);
        vm.expectRevert(abi.encodeWithSelector(IStake.NotAuthorised.selector, alice));
        stake.slash(network, Role.Verifier, bob, 1);
        vm.expectRevert(abi.encodeWithSelector(IStake.NotAuthorised.selector, alice));
        stake.attend(network, alice, 0);
        vm.expectRevert(abi.encodeWithSelector(IStake.NotAuthorised.selector, alice));
        stake.rootAccepted(network);
    }

    // announce

    function test_announce_default() external {
        deposit(alice, Role.Ingest, 100 ether);
        vm.expectEmit(address(stake));
        emit IStake.Announced(network, Role.Ingest, alice, "https://example.org");
        vm.prank(alice);
        stake.announce(network, Role.Ingest, "https://example.org");
    }

    function test_announce_error_NotHolderOrTooLong() external {
        deposit(alice, Role.Ingest, 100 ether);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStake.NotHolder.selector, alice));
        stake.announce(network, Role.Verifier, "https://example.org");
        vm.expectRevert(abi.encodeWithSelector(IStake.UrlTooLong.selector, 201, 200));
        stake.announce(network, Role.Ingest, string(new bytes(201)));
        stake.announce(network, Role.Ingest, string(new bytes(200)));
    }

    // weights

    /// @dev Random deposits, exits, withdrawals and slashes: weights are what a plain record says, their sum the total, and the contract holds the bonds.
    function testFuzz_behavior_WeightsAreWhatWasDone(uint256 seed) external {
        address[2] memory who = [alice, bob];
        uint128[2] memory bond;
        uint128[2] memory exiting;
        uint128[12][2] memory counted; // by epoch
        for (uint32 epoch = 0; epoch < 10; ++epoch) {
            warpToEpoch(epoch * 24); // a day each, so that exits ripen after two
            for (uint256 step = 0; step < 2; ++step) {
                seed = uint256(keccak256(abi.encode(seed)));
                uint256 i = (seed >> 8) % 2;
                uint128 amount = uint128(200 + (seed >> 16) % 200) * 1 ether;
                uint128 active = bond[i] - exiting[i];
                if (seed % 16 == 0) {
                    stake.slash(network, Role.Verifier, who[i], amount);
                    bond[i] -= amount < bond[i] ? amount : bond[i];
                    if (exiting[i] > bond[i]) exiting[i] = bond[i];
                } else if (seed % 4 == 0) {
                    stake.slashAll(network, Role.Verifier, who[i], address(0));
                    (bond[i], exiting[i]) = (0, 0);
                } else if (seed % 4 == 1 && active > 0) {
                    amount = active >= amount + 200 ether ? amount : active;
                    requestExit(who[i], amount);
                    exiting[i] += amount;
                } else if (seed % 4 == 2 && exiting[i] > 0) {
                    vm.prank(who[i]);
                    try stake.withdraw(network, Role.Verifier) {
                        bond[i] -= exiting[i];
                        exiting[i] = 0;
                    } catch {}
                } else {
                    deposit(who[i], Role.Verifier, amount);
                    bond[i] += amount;
                }
            }
            for (uint256 i = 0; i < 2; ++i) {
                counted[i][epoch + 1] = bond[i] - exiting[i];
            }
        }
        for (uint32 epoch = 0; epoch < 11; ++epoch) {
            uint128 total;
            for (uint256 i = 0; i < 2; ++i) {
                // Each step's first epoch of effect is the one after; 24 epochs later the next steps were made.
                uint128 expected = counted[i][epoch] < bond[i] ? counted[i][epoch] : bond[i];
                assertEq(weight(who[i], epoch * 24), expected);
                total += expected;
            }
            assertEq(stake.totalWeight(network, Role.Verifier, epoch * 24), total);
        }
        assertEq(token.balanceOf(address(stake)), bond[0] + bond[1]);
    }
}
