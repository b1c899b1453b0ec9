// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "forge-std/Test.sol";

import {VotingToken} from "../src/VotingToken.sol";
import {BadToken} from "./Credits.t.sol";

contract VotingTokenTest is Test {
    BadToken internal token = new BadToken();
    VotingToken internal votes = new VotingToken(token, "Voting Bad", "vBAD");
    address internal alice = makeAddr("alice");
    address internal bob = makeAddr("bob");

    function setUp() external {
        token.approve(address(votes), type(uint256).max);
    }

    function test_default_LocksOneToOneAndGivesBack() external {
        votes.depositFor(alice, 5 ether);
        assertEq(votes.balanceOf(alice), 5 ether);
        assertEq(votes.getVotes(alice), 5 ether);
        assertEq(votes.delegates(alice), alice);
        assertEq(votes.clock(), block.timestamp);
        vm.prank(alice);
        votes.withdrawTo(bob, 2 ether);
        assertEq(token.balanceOf(bob), 2 ether);
        assertEq(votes.getVotes(alice), 3 ether);
    }

    function test_default_AChosenDelegateStays() external {
        vm.prank(alice);
        votes.delegate(bob);
        votes.depositFor(alice, 5 ether);
        assertEq(votes.delegates(alice), bob);
        assertEq(votes.getVotes(bob), 5 ether);
    }

    function test_RevertWhen_TheTokenIsNotExact() external {
        token.set(true, false);
        vm.expectRevert(
            abi.encodeWithSelector(VotingToken.TokenNotExact.selector, address(token), 1 ether, 0.99 ether)
        );
        votes.depositFor(alice, 1 ether);
        token.set(false, false);
        votes.depositFor(alice, 1 ether);
        token.set(false, true);
        vm.expectRevert(
            abi.encodeWithSelector(VotingToken.TokenNotExact.selector, address(token), 1 ether, 0.5 ether)
        );
        votes.depositFor(alice, 1 ether);
    }
}
