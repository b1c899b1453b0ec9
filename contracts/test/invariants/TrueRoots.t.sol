// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test, console} from "forge-std/Test.sol";

import {TrueWorld} from "./TrueWorld.sol";

contract HonestVerifiers {
    TrueWorld private immutable world;

    constructor(TrueWorld world_) {
        world = world_;
    }

    function settle(uint256 seed) external {
        world.settle(seed);
    }

    function finalise() external {
        world.finaliseNext();
    }

    function wait(uint256 seed) external {
        world.wait(seed);
    }
}

contract Griefers {
    TrueWorld private immutable world;

    constructor(TrueWorld world_) {
        world = world_;
    }

    function prove(uint256 seed) external {
        world.prove(seed);
    }

    function open(uint256 seed) external {
        world.open(seed);
    }

    function openAnother(uint256 seed) external {
        world.open(seed);
    }

    function play(uint256 seed) external {
        world.play(seed);
    }

    function playOn(uint256 seed) external {
        world.play(seed);
    }

    function answerFalsely(uint256 seed, bytes calldata made) external {
        world.answerFalsely(seed, made);
    }
}

/// @notice Invariants 2, 4 and 5, where verifiers are honest and challengers are not.
contract TrueRootsInvariants is Test {
    TrueWorld private world;

    function setUp() external {
        world = new TrueWorld();
        world.setUp();
        targetContract(address(new HonestVerifiers(world)));
        targetContract(address(new Griefers(world)));
    }

    /// @notice 2. A true root is never removed, its attesters never slashed, and who challenges it pays for it.
    function invariant_TrueRootsStand() external view {
        assertEq(world.rootThatFell(), bytes32(0), "a true root was removed");
        assertEq(world.verifierThatLost(), address(0), "an attester of true roots lost stake");
        (uint256 has, uint256 most) = world.griefersHave();
        assertLe(has, most, "griefing paid");
        assertEq(world.unanswered(), 0, "an honest answer was refused");
        assertEq(world.gamesOpen(), world.openCount(), "a game was not counted");
        assertEq(world.potsThatDiffer(), 0, "a root was accepted with other pots than its epochs' budgets");
        assertLt(world.mostGas(), 2 ** 24 / 4, "a call took too much gas");
    }

    /// @notice What the fuzzer did not come to is done now; then all is answered, all becomes final, and all is claimed.
    function afterInvariant() external {
        while (world.acceptedCount() < 2) {
            world.settle(world.acceptedCount());
        }
        for (uint256 i; world.done("open") < 3 || world.done("dispute lost") == 0; ++i) {
            assertLt(i, 60, "the world got stuck");
            if (i % 8 == 0) world.settle(uint256(keccak256(abi.encode("afterwards", i))));
            world.open(uint256(keccak256(abi.encode(i))) << 8);
            world.play(i);
        }
        for (uint256 i; world.tried("prove") == 0; ++i) {
            world.prove(i);
        }
        this.invariant_TrueRootsStand();
        while (world.oldestOpen() != 0) {
            assertTrue(world.finaliseNext(), "a true root can not become final");
        }
        assertEq(world.finalCount(), world.acceptedCount());
        assertGt(world.tried("prove"), 0);
        assertEq(world.done("prove"), 0);
        this.invariant_TrueRootsStand();
        assertTrue(world.claimAfterAll(), "a claim on a final root failed");
        _tell();
    }

    function _tell() private view {
        bytes32[13] memory actions = [
            bytes32("attest"),
            "accept",
            "commit",
            "markUnavailable",
            "prove",
            "open",
            "show",
            "show backing",
            "pick",
            "answer falsely",
            "timeout",
            "finalise",
            "claim"
        ];
        for (uint256 i; i < actions.length; ++i) {
            console.log(
                "%s: %d of %d",
                string(abi.encodePacked(actions[i])),
                world.done(actions[i]),
                world.tried(actions[i])
            );
        }
        console.log("disputes lost: %d", world.done("dispute lost"));
        console.log("most gas: %d", world.mostGas(), string(abi.encodePacked(world.mostGasAction())));
    }
}
