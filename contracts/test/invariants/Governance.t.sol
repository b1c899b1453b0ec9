// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {GovernanceWorld} from "../GovernanceWorld.sol";

/// @notice Three voters who lock, give away, delegate and take back, and a timelock that passed proposals made hostile.
contract VotersWorld is GovernanceWorld {
    mapping(bytes32 action => uint256) public done;
    uint256 public given;
    bool public touched;

    function setUp() public override {
        super.setUp();
        for (uint256 i; i < 3; ++i) {
            token.transfer(who(i), 1000 ether);
            vm.prank(who(i));
            token.approve(address(votes), type(uint256).max);
        }
    }

    function who(uint256 i) public view returns (address) {
        return [alice, bob, carol][i % 3];
    }

    function lockFor(uint256 seed, uint96 amount) external {
        vm.prank(who(seed));
        try votes.depositFor(who(seed >> 8), amount % 300 ether) {
            ++done["lock"];
        } catch {}
    }

    function takeBack(uint256 seed, uint96 amount) external {
        vm.prank(who(seed));
        try votes.withdrawTo(who(seed >> 8), amount % 300 ether) {
            ++done["unlock"];
        } catch {}
    }

    function giveVotes(uint256 seed, uint96 amount) external {
        vm.prank(who(seed));
        try votes.transfer(who(seed >> 8), amount % 300 ether) {
            ++done["move"];
        } catch {}
    }

    function choose(uint256 seed) external {
        vm.prank(who(seed));
        votes.delegate(seed % 5 == 0 ? address(0) : who(seed >> 8));
    }

    /// @dev Not through `depositFor`: nobody's votes.
    function give(uint256 seed, uint96 amount) external {
        vm.prank(who(seed));
        if (token.transfer(address(votes), amount % 1 ether)) given += amount % 1 ether;
    }

    function wait(uint16 time) external {
        skip(time);
    }

    /// @dev Every kind of taking that a passed proposal could ask the timelock for, of any size.
    function rob(uint256 seed, uint96 amount) external {
        address victim =
            [address(reserve), address(vault), address(stake), address(credits), address(votes)][seed % 5];
        uint256 held = token.balanceOf(victim);
        vm.startPrank(address(timelock));
        (bool took,) = address(token)
            .call(abi.encodeCall(token.transferFrom, (victim, who(seed), 1 + uint256(amount) % 1 ether)));
        (bool withdrew,) = address(votes).call(abi.encodeCall(votes.withdrawTo, (who(seed), 1)));
        (bool moved,) = address(votes).call(abi.encodeCall(votes.transferFrom, (who(seed), who(0), 1)));
        (bool released,) = address(reserve).call(abi.encodeCall(reserve.releaseToVault, (amount)));
        vm.stopPrank();
        if (took || withdrew || moved || released || token.balanceOf(victim) != held) touched = true;
    }

    function locked() external view returns (uint256 supply, uint256 held) {
        return (votes.totalSupply(), token.balanceOf(address(votes)));
    }

    /// @return balances of the voters, and their votes, together
    function sums() external view returns (uint256 balances, uint256 voting, uint256 delegated) {
        for (uint256 i; i < 3; ++i) {
            uint256 balance = votes.balanceOf(who(i));
            balances += balance;
            voting += votes.getVotes(who(i));
            if (votes.delegates(who(i)) != address(0)) delegated += balance;
        }
    }

    /// @notice Everybody takes everything back.
    function takeAllBack() external returns (uint256 left) {
        for (uint256 i; i < 3; ++i) {
            vm.startPrank(who(i));
            votes.withdrawTo(who(i), votes.balanceOf(who(i)));
            vm.stopPrank();
        }
        return votes.totalSupply();
    }
}

contract GovernanceInvariants is GovernanceWorld {
    VotersWorld internal world;

    function setUp() public override {
        world = new VotersWorld();
        world.setUp();
        targetContract(address(world));
        bytes4[] memory selectors = new bytes4[](7);
        selectors[0] = VotersWorld.lockFor.selector;
        selectors[1] = VotersWorld.takeBack.selector;
        selectors[2] = VotersWorld.giveVotes.selector;
        selectors[3] = VotersWorld.choose.selector;
        selectors[4] = VotersWorld.give.selector;
        selectors[5] = VotersWorld.wait.selector;
        selectors[6] = VotersWorld.rob.selector;
        targetSelector(FuzzSelector(address(world), selectors));
    }

    function invariant_WhatIsLockedIsThereAndVotesOnce() external view {
        (uint256 supply, uint256 held) = world.locked();
        assertEq(held, supply + world.given());
        (uint256 balances, uint256 voting, uint256 delegated) = world.sums();
        assertEq(balances, supply);
        assertEq(voting, delegated);
        assertFalse(world.touched());
    }

    /// @notice No run counts in which nothing was locked, moved and taken back; at its end everybody has theirs again.
    function afterInvariant() external {
        for (uint256 i; world.done("lock") == 0 || world.done("move") == 0 || world.done("unlock") == 0; ++i) {
            assertLt(i, 200, "the world got stuck");
            uint256 seed = uint256(keccak256(abi.encode(i)));
            world.lockFor(seed, 3 ether);
            world.giveVotes(seed >> 16, 2 ether);
            world.takeBack(seed >> 32, 1 ether);
        }
        this.invariant_WhatIsLockedIsThereAndVotesOnce();
        assertEq(world.takeAllBack(), 0);
        (uint256 supply, uint256 held) = world.locked();
        assertEq(supply, 0);
        assertEq(held, world.given());
    }
}
