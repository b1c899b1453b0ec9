// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test, console} from "forge-std/Test.sol";

import {Claimants, ColludingVerifiers, KeyHolders, Stakers} from "./FundsActors.sol";
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
    }

    /// @dev One campaign for the three: forge would send each of them through the same calls.
    function invariant_MoneyAndBondsAreWhereTheyMayBe() public view {
        _claimsStayWithinTheBudgets();
        _missedEpochsLoseNobodysPay();
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
        assertEq(world.inVault(), released - claimed, "the vault holds what was released and not claimed");
        assertEq(world.recordedClaims(), claimed, "the devices' records are what was claimed");
        (uint256 has, uint256 had) = world.inReserve();
        assertEq(has + released + world.paidToAttesters(), had, "the reserve gave what was released and paid");
        assertLe(released + world.paidToAttesters(), world.emittedToFinals(), "more was given than emitted");
    }

    /// @notice 5. What missed its quorum, was removed, or had no work is in the next root's pots.
    function _missedEpochsLoseNobodysPay() private view {
        assertEq(world.potsThatDiffer(), 0, "a root was accepted with other pots than its epochs' budgets");
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
        bytes32[18] memory actions = [
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
            "delay"
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
