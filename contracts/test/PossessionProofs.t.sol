// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEvidence} from "../src/interfaces/IEvidence.sol";
import {
    DataSet,
    IPossessionProofs,
    LeafChallenge,
    LeafProof,
    Piece,
    ProvingTerms
} from "../src/interfaces/IPossessionProofs.sol";
import {PossessionWorld} from "./PossessionWorld.sol";

contract PossessionProofsTest is PossessionWorld {
    uint64 internal set;

    function setUp() public override {
        super.setUp();
        set = createSet();
    }

    function expect(bytes memory fault) private {
        vm.expectRevert(fault);
    }

    // ---- createSet

    function test_CreateSet() external {
        vm.expectEmit();
        emit IPossessionProofs.DataSetCreated(1, network, ALICE_DEVICE, terms(), 0);
        assertEq(createSet(), 1);
        assertEq(possession.setCount(), 2);
        DataSet memory kept = possession.setOf(1);
        assertEq(kept.device, ALICE_DEVICE);
        assertEq(kept.challenges, CHALLENGES);
        assertEq(kept.clock.genesis, GENESIS);
        assertEq(kept.clock.epochSeconds, EPOCH_SECONDS);
    }

    function test_RevertWhen_CreatedForAnothersDevice() external {
        expect(
            abi.encodeWithSelector(
                IPossessionProofs.NotDeviceOwner.selector, network.deviceId(BOB_DEVICE), alice, bob
            )
        );
        vm.prank(alice);
        possession.createSet(network, BOB_DEVICE, terms());
    }

    function test_RevertWhen_TermsInvalid() external {
        expectTerms("challenges", 0, 1, 64, ProvingTerms(24, 4, 0));
        expectTerms("challenges", 65, 1, 64, ProvingTerms(24, 4, 65));
        expectTerms("windowEpochs", 0, 1, 65_533, ProvingTerms(24, 0, 5));
        expectTerms("windowEpochs", 65_534, 1, 65_533, ProvingTerms(65_535, 65_534, 5));
        // No epoch to freeze in, or none in which pieces can go.
        expectTerms("periodEpochs", 5, 6, 65_535, ProvingTerms(5, 4, 5));
    }

    function expectTerms(
        string memory field,
        uint256 given,
        uint256 least,
        uint256 most,
        ProvingTerms memory t
    ) private {
        expect(abi.encodeWithSelector(IPossessionProofs.TermsInvalid.selector, field, given, least, most));
        vm.prank(alice);
        possession.createSet(network, ALICE_DEVICE, t);
    }

    function test_RevertWhen_SetUnknown() external {
        bytes memory fault = abi.encodeWithSelector(IPossessionProofs.SetUnknown.selector, 9);
        expect(fault);
        possession.setOf(9);
        expect(fault);
        possession.prove(9, new LeafProof[](0));
        expect(fault);
        possession.removePieces(9, 1);
        expect(fault);
        possession.recordFaults(9);
        expect(fault);
        possession.terminate(9, 0);
    }

    // ---- addPieces

    function test_AddPieces() external {
        Piece[] memory pieces = uniformPieces(0, 3, 4);
        vm.expectEmit();
        emit IPossessionProofs.PiecesAdded(set, 0, pieces);
        vm.prank(alice);
        assertEq(possession.addPieces(set, pieces), 0);
        assertEq(possession.setOf(set).leaves, 48);
        assertEq(possession.pieceOf(set, 2).root, pieces[2].root);
        assertEq(possession.pieceOf(set, 2).leaves, 16);
        add(set, 2, 1);
        assertEq(possession.setOf(set).leaves, 52);
        assertEq(possession.setOf(set).pieces, 5);
    }

    function test_RevertWhen_PiecesInvalid() external {
        Piece[] memory pieces = uniformPieces(0, 2, 1);
        pieces[1].root = 0;
        expectAdd(pieces, abi.encodeWithSelector(IPossessionProofs.PieceInvalid.selector, 1, bytes32(0), 2));
        pieces[1] = Piece("root", 0);
        expectAdd(
            pieces, abi.encodeWithSelector(IPossessionProofs.PieceInvalid.selector, 1, bytes32("root"), 0)
        );
        pieces[1] = Piece("root", (1 << 45) + 1);
        expectAdd(
            pieces,
            abi.encodeWithSelector(IPossessionProofs.PieceInvalid.selector, 1, bytes32("root"), (1 << 45) + 1)
        );
        expectAdd(new Piece[](0), abi.encodeWithSelector(IPossessionProofs.BatchInvalid.selector, 0, 256));
        expectAdd(new Piece[](257), abi.encodeWithSelector(IPossessionProofs.BatchInvalid.selector, 257, 256));
        pieces = uniformPieces(0, 1, 1);
        expect(
            abi.encodeWithSelector(
                IPossessionProofs.NotDeviceOwner.selector, network.deviceId(ALICE_DEVICE), bob, alice
            )
        );
        vm.prank(bob);
        possession.addPieces(set, pieces);
    }

    function expectAdd(Piece[] memory pieces, bytes memory fault) private {
        expect(fault);
        vm.prank(alice);
        possession.addPieces(set, pieces);
    }

    /// @dev 2⁶⁰ leaves: whatever sums up four of them fits its 64 bits.
    function test_RevertWhen_TheSetIsFull() external {
        vm.pauseGasMetering(); // a test may use 2³⁰
        Piece[] memory pieces = new Piece[](256);
        for (uint256 i; i < 256; ++i) {
            pieces[i] = Piece("root", 1 << 45);
        }
        vm.startPrank(alice);
        for (uint256 i; i < 128; ++i) {
            possession.addPieces(set, pieces);
        }
        assertEq(possession.setOf(set).leaves, 1 << 60);
        Piece[] memory one = uniformPieces(0, 1, 0);
        expect(abi.encodeWithSelector(IPossessionProofs.DataSetFull.selector, set, 32_769, (1 << 60) + 1));
        possession.addPieces(set, one);
    }

    function test_TheDevicesNewOwnerOwnsItsSets() external {
        uint256 id = network.deviceId(ALICE_DEVICE);
        vm.prank(alice);
        devices.transferFrom(alice, bob, id);
        Piece[] memory pieces = uniformPieces(0, 1, 1);
        expect(abi.encodeWithSelector(IPossessionProofs.NotDeviceOwner.selector, id, alice, bob));
        vm.prank(alice);
        possession.addPieces(set, pieces);
        vm.prank(bob);
        possession.addPieces(set, pieces);
    }

    // ---- prove

    function test_Prove() external {
        add(set, 10, 6);
        warpToWindow(0);
        capture();
        LeafProof[] memory proofs = answers(set);
        assertEq(proofs.length, CHALLENGES);
        vm.expectEmit();
        emit IPossessionProofs.PeriodProven(set, 0, bob);
        vm.prank(bob);
        possession.prove(set, proofs);
        assertTrue(possession.isProven(set, 0));
        assertFalse(possession.isProven(set, 1));
        assertEq(possession.setOf(set).proven, 1);
        warpToPeriod(1);
        assertEq(possession.recordFaults(set), 0);
    }

    function test_Prove_CapturesTheBeaconForAll() external {
        add(set, 1, 6);
        warpToWindow(0);
        assertFalse(possession.isCaptured(network, PERIOD, WINDOW, 0));
        LeafProof[] memory proofs = new LeafProof[](CHALLENGES);
        for (uint256 i; i < CHALLENGES; ++i) {
            proofs[i] = uniformProof(leafOf(0), 6);
        }
        bytes32 word = keccak256(
            abi.encode(network, uint32(20), keccak256(abi.encode(bytes32(0), uint64(windowStart(0)))))
        );
        vm.expectEmit();
        emit IPossessionProofs.ChallengeCaptured(network, PERIOD, WINDOW, 0, word);
        possession.prove(set, proofs);
        assertTrue(possession.isCaptured(network, PERIOD, WINDOW, 0));
        assertEq(evidence.beaconOf(network, 20), word);
    }

    /// @dev A tree of different leaves that does not fill its power of two, so that sides and padding count.
    function test_Prove_ARealTree(bytes32 salt) external {
        beacon.salt(salt);
        bytes32[][] memory levels = treeOf(5, 3);
        Piece[] memory pieces = new Piece[](1);
        pieces[0] = Piece(levels[3][0], 5);
        vm.prank(alice);
        possession.addPieces(set, pieces);
        warpToWindow(0);
        capture();
        (, LeafChallenge[] memory challenges) = possession.challengesOf(set);
        LeafProof[] memory proofs = new LeafProof[](CHALLENGES);
        for (uint256 i; i < CHALLENGES; ++i) {
            assertLt(challenges[i].leaf, 5, "padding is not challenged");
            proofs[i] = proofIn(levels, challenges[i].leaf);
        }
        possession.prove(set, proofs);
    }

    function test_RevertWhen_AProofIsWrong(uint256 seed) external {
        bytes32[][] memory levels = treeOf(8, 3);
        Piece[] memory pieces = new Piece[](1);
        pieces[0] = Piece(levels[3][0], 8);
        vm.prank(alice);
        possession.addPieces(set, pieces);
        warpToWindow(0);
        capture();
        (, LeafChallenge[] memory challenges) = possession.challengesOf(set);
        LeafProof[] memory proofs = new LeafProof[](CHALLENGES);
        for (uint256 i; i < CHALLENGES; ++i) {
            proofs[i] = proofIn(levels, challenges[i].leaf);
        }
        uint256 bad = seed % CHALLENGES;
        uint64 leaf = challenges[bad].leaf;
        uint256 kind = (seed >> 8) % 5;
        if (kind == 0) proofs[bad].leaf ^= bytes32(uint256(1) << (seed >> 16) % 256);
        if (kind == 1) proofs[bad].path[(seed >> 16) % 3] ^= bytes32(uint256(1) << (seed >> 24) % 256);
        if (kind == 2) proofs[bad] = proofIn(levels, (leaf + 1 + (seed >> 16) % 7) % 8);
        if (kind == 3) {
            // An inner hash as a leaf, with a path that leads to the root.
            (bytes32 hash, bytes32[] memory path) = (levels[1][leaf >> 1], new bytes32[](2));
            (path[0], path[1]) = (levels[1][leaf >> 1 ^ 1], levels[2][leaf >> 2 ^ 1]);
            proofs[bad] = LeafProof(hash, path);
        }
        if (kind == 4) proofs[bad].path = new bytes32[](4);
        expect(abi.encodeWithSelector(IPossessionProofs.LeafProofInvalid.selector, bad, 0, leaf));
        possession.prove(set, proofs);
    }

    function test_RevertWhen_NotInTheWindow() external {
        add(set, 1, 0);
        vm.warp(windowStart(0) - 1);
        bytes memory fault = abi.encodeWithSelector(
            IPossessionProofs.WindowNotOpen.selector, 0, windowStart(0), windowStart(0) - 1
        );
        expect(fault);
        possession.prove(set, new LeafProof[](0));
        expect(fault);
        capture();
    }

    function test_RevertWhen_ProvenTwice() external {
        add(set, 1, 0);
        warpToWindow(0);
        prove(set);
        LeafProof[] memory proofs = answers(set);
        expect(abi.encodeWithSelector(IPossessionProofs.AlreadyProven.selector, set, 0));
        possession.prove(set, proofs);
    }

    function test_RevertWhen_ProofCountWrong() external {
        add(set, 1, 0);
        warpToWindow(0);
        expect(abi.encodeWithSelector(IPossessionProofs.ProofCountWrong.selector, 4, CHALLENGES));
        possession.prove(set, new LeafProof[](4));
    }

    function test_RevertWhen_TheBeaconIsDown() external {
        add(set, 1, 0);
        warpToWindow(0);
        beacon.setDown(true);
        bytes memory fault = abi.encodeWithSelector(IEvidence.BeaconNotKnown.selector, 20, windowStart(0));
        expect(fault);
        possession.prove(set, new LeafProof[](CHALLENGES));
        expect(fault);
        capture();
        (, LeafChallenge[] memory challenges) = possession.challengesOf(set);
        assertEq(challenges.length, 0);
    }

    // ---- empty sets

    function test_AnEmptySetProvesNothingAndOwesNothing() external {
        warpToWindow(0);
        capture();
        expect(abi.encodeWithSelector(IPossessionProofs.NothingToProve.selector, set, 0));
        possession.prove(set, new LeafProof[](CHALLENGES));
        warpToPeriod(3);
        assertEq(possession.recordFaults(set), 0);
    }

    // ---- freezing

    /// @dev Who adds or removes by the beacon chooses what is challenged: an epoch before it is known, the period stands.
    function test_WhatIsAddedAfterTheFreezeIsChallengedInTheNextPeriod() external {
        add(set, 1, 3);
        vm.warp(windowStart(0) - EPOCH_SECONDS);
        add(set, 200, 3);
        vm.warp(windowStart(0) + 1);
        add(set, 56, 3);
        capture();
        (, LeafChallenge[] memory challenges) = possession.challengesOf(set);
        for (uint256 i; i < CHALLENGES; ++i) {
            assertEq(challenges[i].piece, 0);
        }
        prove(set);
        warpToWindow(1);
        capture();
        (, challenges) = possession.challengesOf(set);
        uint256 others;
        for (uint256 i; i < CHALLENGES; ++i) {
            if (challenges[i].piece != 0) ++others;
        }
        assertGt(others, 0);
        prove(set);
    }

    function test_WhatIsFirstAddedAfterTheFreezeOwesNothingYet() external {
        vm.warp(windowStart(0) - EPOCH_SECONDS);
        add(set, 3, 3);
        warpToWindow(0);
        capture();
        expect(abi.encodeWithSelector(IPossessionProofs.NothingToProve.selector, set, 0));
        possession.prove(set, new LeafProof[](CHALLENGES));
        warpToPeriod(1);
        assertEq(possession.faultsOf(set), 0);
        warpToWindow(1);
        capture();
        warpToPeriod(2);
        assertEq(possession.faultsOf(set), 1);
    }

    // ---- removing

    function test_Remove_AtTheNextPeriod() external {
        add(set, 8, 2);
        vm.expectEmit();
        uint32[] memory pieces = new uint32[](2);
        (pieces[0], pieces[1]) = (3, 4);
        emit IPossessionProofs.RemovalsScheduled(set, 0, pieces);
        schedule(set, 3, 2);
        assertEq(possession.removePieces(set, 10), 0, "not in the same period");
        warpToWindow(0);
        prove(set);
        warpToPeriod(1);
        vm.expectEmit();
        emit IPossessionProofs.PieceRemoved(set, 3);
        assertEq(possession.removePieces(set, 10), 2);
        assertEq(possession.setOf(set).leaves, 24);
        expect(abi.encodeWithSelector(IPossessionProofs.PieceUnknown.selector, set, 3));
        possession.pieceOf(set, 3);
        assertEq(possession.removePieces(set, 10), 0);
        warpToWindow(1);
        capture();
        (, LeafChallenge[] memory challenges) = possession.challengesOf(set);
        for (uint256 i; i < CHALLENGES; ++i) {
            assertTrue(challenges[i].piece != 3 && challenges[i].piece != 4);
        }
        prove(set);
    }

    function test_Remove_TwiceNamedOnceRemoved() external {
        add(set, 4, 2);
        schedule(set, 1, 2);
        schedule(set, 2, 2);
        warpToPeriod(1);
        assertEq(possession.removePieces(set, 10), 3);
        assertEq(possession.setOf(set).leaves, 4);
        expect(abi.encodeWithSelector(IPossessionProofs.PieceUnknown.selector, set, 2));
        schedule(set, 2, 1);
    }

    function test_Remove_All_ThenNothingIsOwed() external {
        add(set, 4, 2);
        schedule(set, 0, 4);
        warpToPeriod(1);
        possession.removePieces(set, 4);
        warpToWindow(1);
        capture();
        warpToPeriod(2);
        assertEq(possession.faultsOf(set), 0);
        add(set, 1, 2);
        warpToWindow(2);
        prove(set);
    }

    function test_RevertWhen_RemovedOnceThePeriodFroze() external {
        add(set, 4, 2);
        schedule(set, 0, 1);
        uint256 frozenFrom = windowStart(1) - EPOCH_SECONDS;
        vm.warp(frozenFrom);
        expect(abi.encodeWithSelector(IPossessionProofs.PeriodFrozen.selector, 1, frozenFrom, frozenFrom));
        possession.removePieces(set, 1);
        warpToWindow(1);
        prove(set);
        warpToPeriod(2);
        assertEq(possession.removePieces(set, 1), 1);
    }

    function test_RevertWhen_SchedulingBadly() external {
        add(set, 1, 2);
        expect(abi.encodeWithSelector(IPossessionProofs.PieceUnknown.selector, set, 1));
        schedule(set, 0, 2);
        expect(abi.encodeWithSelector(IPossessionProofs.BatchInvalid.selector, 0, 256));
        schedule(set, 0, 0);
        uint32[] memory pieces = new uint32[](1);
        expect(
            abi.encodeWithSelector(
                IPossessionProofs.NotDeviceOwner.selector, network.deviceId(ALICE_DEVICE), bob, alice
            )
        );
        vm.prank(bob);
        possession.scheduleRemovals(set, pieces);
    }

    /// @dev FilOzone's contract applied all scheduled removals when the period turned, so that enough of them, each within its limits, made the turn larger than a block. Here all 5 120 pieces are
    ///      scheduled at the limit of each call and none is ever removed: proving costs what it did, period after period; and each step of removing is bounded.
    function test_AnyNumberOfScheduledRemovalsHindersNoProof() external {
        for (uint256 i; i < 20; ++i) {
            add(set, 256, 4);
        }
        warpToWindow(0);
        uint256 before = gasOfProof();
        warpToPeriod(1);
        for (uint32 i; i < 20; ++i) {
            schedule(set, i * 256, 256);
        }
        warpToWindow(1);
        assertLt(gasOfProof(), before + 50_000);
        warpToPeriod(2);
        uint256 steps;
        while (possession.setOf(set).leaves > 0) {
            uint256 gas = gasleft();
            possession.removePieces(set, type(uint32).max);
            assertLt(gas - gasleft(), 10_000_000);
            ++steps;
            if (steps == 20) {
                // In between it is proven like any other.
                warpToWindow(2);
                assertLt(gasOfProof(), before + 50_000);
                warpToPeriod(3);
            }
        }
        assertEq(steps, 40);
        assertEq(possession.faultsOf(set), 0);
    }

    function gasOfProof() private returns (uint256 gas) {
        capture();
        LeafProof[] memory proofs = answers(set);
        gas = gasleft();
        possession.prove(set, proofs);
        gas -= gasleft();
    }

    // ---- faults

    function test_Fault_IsRecordedByAnyoneOnceThePeriodIsOver() external {
        add(set, 1, 2);
        warpToWindow(0);
        capture();
        vm.warp(GENESIS + uint256(PERIOD) * EPOCH_SECONDS - 1);
        assertEq(possession.recordFaults(set), 0);
        warpToPeriod(1);
        assertEq(possession.faultsOf(set), 1);
        vm.expectEmit();
        emit IPossessionProofs.FaultsRecorded(set, 0, 0, 1, 1);
        vm.prank(bob);
        assertEq(possession.recordFaults(set), 1);
        vm.recordLogs();
        assertEq(possession.recordFaults(set), 1);
        assertEq(vm.getRecordedLogs().length, 0, "once");
    }

    /// @dev Another operator's proofs capture the beacon, and what stopped silently is counted to the period.
    function test_Fault_ASilentStopIsCountedHoweverLateAndAtOnce() external {
        add(set, 1, 2);
        vm.startPrank(bob);
        uint64 other = possession.createSet(network, BOB_DEVICE, terms());
        possession.addPieces(other, uniformPieces(0, 1, 2));
        vm.stopPrank();
        warpToWindow(0);
        prove(set);
        for (uint256 period = 1; period < 300; ++period) {
            warpToWindow(period);
            if (period % 3 == 0) continue;
            prove(other);
        }
        warpToPeriod(300);
        assertEq(possession.faultsOf(set), 200);
        uint256 gas = gasleft();
        assertEq(possession.recordFaults(set), 200);
        assertLt(gas - gasleft(), 100_000);
        assertEq(possession.recordFaults(other), 1, "the first period, in which the other proved");
    }

    function test_Fault_NoneWithoutABeaconOnTime() external {
        add(set, 1, 2);
        warpToWindow(0);
        beacon.setDown(true);
        uint256 middle = windowStart(0) + uint256(WINDOW) * EPOCH_SECONDS / 2;
        vm.warp(middle);
        beacon.setDown(false);
        expect(abi.encodeWithSelector(IPossessionProofs.BeaconTooLate.selector, 0, middle, middle));
        capture();
        warpToPeriod(1);
        assertEq(possession.recordFaults(set), 0);
        // One second less, and there was time.
        vm.warp(windowStart(1) + uint256(WINDOW) * EPOCH_SECONDS / 2 - 1);
        capture();
        warpToPeriod(2);
        assertEq(possession.recordFaults(set), 1);
    }

    function test_Fault_AProofCountsHoweverLateTheBeaconCame() external {
        add(set, 1, 2);
        vm.warp(windowStart(0) + uint256(WINDOW) * EPOCH_SECONDS - 1);
        prove(set);
        assertTrue(possession.isProven(set, 0));
        assertFalse(possession.isCaptured(network, PERIOD, WINDOW, 0));
    }

    /// @dev What changes a set counts what came before by what the set was before.
    function test_Fault_IsNotUndoneByChangingTheSet() external {
        add(set, 4, 2);
        schedule(set, 0, 4);
        warpToWindow(0);
        capture();
        warpToPeriod(1);
        possession.removePieces(set, 4);
        assertEq(possession.setOf(set).faults, 1);
        warpToWindow(1);
        capture();
        warpToPeriod(2);
        add(set, 1, 2);
        assertEq(possession.faultsOf(set), 1);
    }

    // ---- terminate

    function test_Terminate() external {
        add(set, 1, 2);
        warpToPeriod(1);
        vm.expectEmit();
        emit IPossessionProofs.DataSetTerminated(set, 1);
        vm.prank(alice);
        possession.terminate(set, 0);
        bytes memory fault = abi.encodeWithSelector(IPossessionProofs.SetEnded.selector, set, 1);
        expectAdd(uniformPieces(1, 1, 2), fault);
        expect(fault);
        vm.prank(alice);
        possession.terminate(set, 0);
        warpToWindow(1);
        prove(set);
        warpToWindow(2);
        capture();
        expect(fault);
        possession.prove(set, new LeafProof[](CHALLENGES));
        warpToPeriod(9);
        assertEq(possession.recordFaults(set), 0);
        assertEq(possession.recordFaults(set), 0);
    }

    /// @dev Otherwise whoever lost something would leave when the challenge hits it.
    function test_Terminate_ThePeriodIsStillOwed() external {
        add(set, 1, 2);
        warpToWindow(0);
        capture();
        vm.prank(alice);
        possession.terminate(set, 0);
        for (uint256 period = 1; period < 4; ++period) {
            warpToWindow(period);
            capture();
        }
        warpToPeriod(9);
        assertEq(possession.faultsOf(set), 1);
        assertEq(possession.recordFaults(set), 1);
        assertEq(possession.recordFaults(set), 1);
    }

    function test_RevertWhen_TerminatedByAnother() external {
        expect(
            abi.encodeWithSelector(
                IPossessionProofs.NotDeviceOwner.selector, network.deviceId(ALICE_DEVICE), bob, alice
            )
        );
        vm.prank(bob);
        possession.terminate(set, 0);
    }

    // ---- detection

    /// @dev A quarter of the leaves gone and five challenges: 1 − (3/4)⁵ = 76.3 % of the periods find it. 400 periods, ± 4 standard deviations (8.5 %).
    function test_ALostQuarterIsFoundAsOftenAsComputed() external {
        add(set, 16, 3);
        uint256 found;
        for (uint256 period; period < 400; ++period) {
            warpToWindow(period);
            capture();
            (, LeafChallenge[] memory challenges) = possession.challengesOf(set);
            bool hit;
            for (uint256 i; i < CHALLENGES; ++i) {
                if (challenges[i].piece % 4 == 0) hit = true;
            }
            if (hit) ++found;
            else prove(set);
        }
        warpToPeriod(400);
        assertEq(possession.recordFaults(set), found);
        assertApproxEqAbs(found, 305, 34);
    }

    function treeOf(uint256 leaves, uint256 depth) private pure returns (bytes32[][] memory levels) {
        levels = new bytes32[][](depth + 1);
        levels[0] = new bytes32[](1 << depth);
        for (uint256 i; i < leaves; ++i) {
            levels[0][i] = keccak256(abi.encode(i));
        }
        for (uint256 level = 1; level <= depth; ++level) {
            levels[level] = new bytes32[](1 << (depth - level));
            for (uint256 i; i < levels[level].length; ++i) {
                levels[level][i] = hashPair(levels[level - 1][2 * i], levels[level - 1][2 * i + 1]);
            }
        }
    }

    function proofIn(bytes32[][] memory levels, uint256 leaf) private pure returns (LeafProof memory proof) {
        proof.leaf = levels[0][leaf];
        proof.path = new bytes32[](levels.length - 1);
        for (uint256 level; level < proof.path.length; ++level) {
            proof.path[level] = levels[level][leaf >> level ^ 1];
        }
    }
}
