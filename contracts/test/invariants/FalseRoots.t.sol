// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test, console} from "forge-std/Test.sol";

import {FalseWorld} from "./FalseWorld.sol";

contract Colluders {
    FalseWorld private immutable world;

    constructor(FalseWorld world_) {
        world = world_;
    }

    function lie(uint256 fault, uint256 seed) external {
        world.lie(fault, seed);
    }

    function openDecoy(uint256 seed) external {
        world.openDecoy(seed);
    }

    function openAnotherDecoy(uint256 seed) external {
        world.openDecoy(seed);
    }

    function playEarly(uint256 seed) external {
        world.playEarly(seed);
    }

    function finalise() external {
        world.finaliseNext();
    }

    function wait(uint256 seed) external {
        world.wait(seed);
    }
}

/// @notice Invariants 3 and 4, where every verifier colludes and one watcher is awake.
contract FalseRootsInvariants is Test {
    FalseWorld private world;

    function setUp() external {
        world = new FalseWorld();
        world.setUp();
        targetContract(address(new Colluders(world)));
    }

    /// @notice 3. A false root never becomes final.
    function invariant_FalseRootsNeverBecomeFinal() public view {
        assertEq(world.lieThatIsFinal(), bytes32(0), "a false root is final");
        assertEq(world.helpless(), bytes32(0), "the watcher had no move");
        assertEq(world.potsThatDiffer(), 0, "a root was accepted with other pots than its epochs' budgets");
        assertLt(world.mostGas(), 2 ** 24 / 4, "a call took too much gas");
    }

    /// @notice No run without a lie; and when all clocks have run out none is left standing.
    function afterInvariant() external {
        for (uint256 i; world.lieCount() == 0; ++i) {
            assertLt(i, 20, "nobody lies");
            world.lie(i, i);
        }
        world.wait(8 hours - 1);
        for (uint256 i; i < 12; ++i) {
            world.wait(8 hours - 1);
        }
        assertEq(world.lieThatStands(), bytes32(0), "a false root still stands");
        assertGt(world.liesThatFell(), 0, "none was removed");
        invariant_FalseRootsNeverBecomeFinal();
        _tell();
    }

    // ---- each way of lying, alone: told twice, found twice

    function test_PayoutMoved() external {
        _isFound(0);
    }

    function test_PayoutKeptBack() external {
        _isFound(1);
    }

    function test_PayoutNode() external {
        _isFound(2);
    }

    function test_WorkNode() external {
        _isFound(3);
    }

    function test_VerdictNode() external {
        _isFound(4);
    }

    function test_VerdictsOutOfOrder() external {
        _isFound(5);
    }

    function test_AVerdictTwice() external {
        _isFound(6);
    }

    function test_NoBacking() external {
        _isFound(7);
    }

    function test_CarryHidden() external {
        _isFound(8);
    }

    function test_CarryCount() external {
        _isFound(9);
    }

    function test_WorkOfASilentDevice() external {
        _isFound(10);
    }

    function test_ASubtreeTwice() external {
        _isFound(11);
    }

    // ---- a lie about a silent device, whose only verdict the colluders show in a game of their own, long before the watcher knows the leaf it belongs to

    function test_AVerdictShownLongBefore() external {
        for (uint256 told; told < 4; ++told) {
            assertTrue(world.lie(10, told));
            assertTrue(world.showEarly(3, 0));
            for (uint256 i; i < 7; ++i) {
                world.wait(8 hours - 1);
            }
            assertEq(world.lieThatStands(), bytes32(0), "it still stands");
        }
        assertEq(world.liesThatFell(), 4);
        invariant_FalseRootsNeverBecomeFinal();
    }

    function _isFound(uint256 fault) private {
        uint256 told;
        for (uint256 seed; told < 2; ++seed) {
            assertLt(seed, 20, "this lie can not be told");
            if (!world.lie(fault, uint256(keccak256(abi.encode(fault, seed))))) continue;
            ++told;
            for (uint256 i; i < 7; ++i) {
                world.wait(8 hours - 1);
            }
            assertEq(world.lieThatStands(), bytes32(0), "it still stands");
        }
        assertEq(world.liesThatFell(), 2);
        invariant_FalseRootsNeverBecomeFinal();
    }

    function _tell() private view {
        bytes32[11] memory actions = [
            bytes32("attest"),
            "lie",
            "watcher opens",
            "watcher picks",
            "watcher proves",
            "decoy",
            "decoy picks",
            "show",
            "show backing",
            "timeout",
            "finalise"
        ];
        for (uint256 i; i < actions.length; ++i) {
            console.log(
                "%s: %d of %d",
                string(abi.encodePacked(actions[i])),
                world.done(actions[i]),
                world.tried(actions[i])
            );
        }
        console.log("lies: %d, removed: %d", world.lieCount(), world.liesThatFell());
        console.log("most gas: %d", world.mostGas(), string(abi.encodePacked(world.mostGasAction())));
    }
}
