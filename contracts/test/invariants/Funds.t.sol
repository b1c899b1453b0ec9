// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test, console} from "forge-std/Test.sol";

import {Claimants, ColludingVerifiers, Customers, KeyHolders, Stakers} from "./FundsActors.sol";
import {FundsWorld} from "./FundsWorld.sol";

/// @notice Invariants 1, 4, 5 and 6, where every verifier lies: money goes only where it may, and never more of it than was emitted.
contract FundsInvariants is Test {
    FundsWorld private world;

    function setUp() external {
        world = new FundsWorld();
        world.setUp();
        targetContract(address(new ColludingVerifiers(world)));
        targetContract(address(new Claimants(world)));
        targetContract(address(new Stakers(world)));
        targetContract(address(new KeyHolders(world)));
        targetContract(address(new Customers(world)));
    }

    /// @dev One campaign for the four: forge would send each of them through the same calls.
    function invariant_MoneyAndBondsAreWhereTheyMayBe() public view {
        _claimsStayWithinTheBudgets();
        _missedEpochsLoseNobodysPay();
        _noWindowPassesTheLimit();
        _noKeyTakesABond();
        assertEq(world.overreach(), bytes32(0), "somebody did what nobody may");
        assertLt(world.mostGas(), 2 ** 24 / 4, "a call took too much gas");
    }

    /// @notice 1. Σ claims ≤ Σ final budgets ≤ schedule, whatever anybody attests.
    function _claimsStayWithinTheBudgets() private view {
        uint256 claimed = world.claimed();
        uint256 released = world.released();
        assertLe(claimed, released, "more was claimed than released");
        assertLe(released, world.budgetOfFinals(), "more was released than the final roots' budgets");
        uint256 arrived = released - world.owedToVault();
        assertEq(world.flowedToVault(), arrived, "the vault got what was released and is not owed");
        assertEq(world.inVault(), arrived - claimed, "the vault holds what it got and was not claimed");
        assertEq(world.recordedClaims(), claimed, "the devices' records are what was claimed");
        (uint256 has, uint256 had) = world.inReserve();
        uint256 attesters = world.paidToAttesters();
        assertEq(has + arrived + attesters, had, "the reserve gave what was released and paid");
        attesters += world.owedToAttesters();
        assertLe(released + attesters, world.emittedToFinals(), "more was given than emitted");
        (uint256 budget, uint256 burned) = world.usage();
        assertLe(budget, burned, "a usage program may pay more than was burned for it");
    }

    /// @notice 5. What missed its quorum, was removed, or had no work is in the next root's pots.
    function _missedEpochsLoseNobodysPay() private view {
        assertEq(world.potsThatDiffer(), 0, "a root was accepted with other pots than its epochs' budgets");
    }

    /// @notice The breaker: what left the reserve in any six epochs is no more than the limit.
    function _noWindowPassesTheLimit() private view {
        assertEq(world.windowsBroken(), 0, "more left the reserve in a window of epochs than the limit");
    }

    /// @notice 6. No key takes a bond, and the guardian delays once.
    function _noKeyTakesABond() private view {
        assertEq(
            world.deposited() - world.withdrawn() - world.slashed(), world.inStake(), "the stakes' balance"
        );
        assertEq(world.bondThatDiffers(), address(0), "somebody's bond is not what it should be");
        assertEq(world.rootPutOff(), bytes32(0), "a root was put off for longer than a delay");
        assertEq(world.delaysTooLong(), 0, "a delay was too long");
    }

    /// @notice No run counts in which nothing happened: what the fuzzer did not come to is done now, and the invariants hold after it too.
    function afterInvariant() external {
        for (uint256 i; world.done("slash") == 0 || world.done("a claim that paid") == 0; ++i) {
            assertLt(i, 40, "the world got stuck");
            uint256 seed = uint256(keccak256(abi.encode("afterwards", i)));
            world.collude(seed);
            for (uint256 device; world.done("slash") == 0 && device < 4; ++device) {
                world.watch(device << 128); // the newest root
            }
            world.resolveRemoved();
            if (world.done("a claim that paid") != 0) continue;
            world.collude(seed + 1);
            while (world.finalise()) {}
            for (uint256 k; k < 8; ++k) {
                world.claim(uint256(keccak256(abi.encode(seed, "claim", k))));
            }
        }
        world.trespass(0);
        invariant_MoneyAndBondsAreWhereTheyMayBe();
        _tell();
    }

    function _tell() private view {
        bytes32[22] memory actions = [
            bytes32("attest"),
            "accept",
            "commit",
            "markUnavailable",
            "finalise",
            "resolve",
            "proveWrongPayout",
            "slash",
            "claim",
            "claim what is not so",
            "claimBatch",
            "claimWithAuthorization",
            "a claim that paid",
            "transfer",
            "deposit",
            "requestExit",
            "withdraw",
            "delay",
            "adoptRuleset",
            "spend",
            "settleDebt",
            "owed"
        ];
        for (uint256 i; i < actions.length; ++i) {
            console.log(
                "%s: %d of %d",
                string(abi.encodePacked(actions[i])),
                world.done(actions[i]),
                world.tried(actions[i])
            );
        }
        console.log("most gas: %d", world.mostGas(), string(abi.encodePacked(world.mostGasAction())));
    }
}
