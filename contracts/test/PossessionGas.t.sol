// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {LeafProof, Piece, ProvingTerms} from "../src/interfaces/IPossessionProofs.sol";
import {PossessionWorld} from "./PossessionWorld.sol";

/// @notice What sets of 10, 1 000 and 100 000 pieces of 1 GiB cost, with every slot cold. "whole" has what the transaction and its data cost too.
contract PossessionGasTest is PossessionWorld {
    uint256 private constant DEPTH = 25;
    bytes32 private constant LEAF = bytes32(uint256(1) << 240 | 7);

    uint64[3] private _sets;
    string[3] private _names = ["10", "1k", "100k"];
    bytes32 private _root;

    function setUp() public override {
        super.setUp();
        vm.pauseGasMetering(); // a test may use 2³⁰
        _root = uniform(LEAF, DEPTH);
        uint256[3] memory counts = [uint256(10), 1_000, 100_000];
        for (uint256 i; i < 3; ++i) {
            _sets[i] = createSet();
            for (uint256 added; added < counts[i]; added += 256) {
                uint256 rest = counts[i] - added;
                this.addEqual(_sets[i], rest < 256 ? rest : 256);
            }
        }
        vm.resumeGasMetering();
        vm.snapshotValue("possession", "contract size", address(possession).code.length);
        assertLt(address(possession).code.length, 24_576);
    }

    /// @dev Called from outside in setUp, so that its memory goes with it.
    function addEqual(uint64 set, uint256 count) public {
        Piece[] memory pieces = new Piece[](count);
        for (uint256 i; i < count; ++i) {
            pieces[i] = Piece(_root, uint64(1 << DEPTH));
        }
        vm.prank(alice);
        possession.addPieces(set, pieces);
    }

    function coldly() private {
        vm.cool(address(possession));
        vm.cool(address(evidence));
        vm.cool(address(devices));
    }

    function record(string memory what, uint256 i) private returns (uint256) {
        return vm.snapshotGasLastCall("possession", string.concat(what, ", ", _names[i]));
    }

    function proveOf(uint256 i) private {
        warpToWindow(0);
        capture();
        LeafProof[] memory proofs = new LeafProof[](CHALLENGES);
        for (uint256 k; k < CHALLENGES; ++k) {
            proofs[k] = uniformProof(LEAF, DEPTH);
        }
        coldly();
        possession.prove(_sets[i], proofs);
        uint256 gas = record("prove 5 leaves", i);
        uint256 whole = gas + 21_000 + dataGas(abi.encodeCall(possession.prove, (_sets[i], proofs)));
        vm.snapshotValue("possession", string.concat("prove 5 leaves, whole, ", _names[i]), whole);
    }

    function dataGas(bytes memory data) private pure returns (uint256 gas) {
        for (uint256 i; i < data.length; ++i) {
            gas += data[i] == 0 ? 4 : 16;
        }
    }

    function setWork(uint256 i) private {
        coldly();
        addEqual(_sets[i], 1);
        record("add 1 piece", i);
    }

    function setBatch(uint256 i) private {
        coldly();
        addEqual(_sets[i], 40);
        record("add 40 pieces", i);
    }

    function removal(uint256 i) private {
        coldly();
        schedule(_sets[i], 0, 10);
        record("schedule 10 removals", i);
        warpToPeriod(1);
        coldly();
        possession.removePieces(_sets[i], 10);
        record("remove 10 pieces", i);
    }

    function test_Prove_Of10() external {
        proveOf(0);
    }

    function test_Prove_Of1k() external {
        proveOf(1);
    }

    function test_Prove_Of100k() external {
        proveOf(2);
    }

    function test_Add_To10() external {
        setWork(0);
    }

    function test_Add_To1k() external {
        setWork(1);
    }

    function test_Add_To100k() external {
        setWork(2);
    }

    function test_AddMany_To10() external {
        setBatch(0);
    }

    function test_AddMany_To1k() external {
        setBatch(1);
    }

    function test_AddMany_To100k() external {
        setBatch(2);
    }

    function test_Remove_From10() external {
        removal(0);
    }

    function test_Remove_From1k() external {
        removal(1);
    }

    function test_Remove_From100k() external {
        removal(2);
    }

    function test_TheRest() external {
        coldly();
        createSet();
        vm.snapshotGasLastCall("possession", "create a set");
        warpToWindow(0);
        coldly();
        capture();
        vm.snapshotGasLastCall("possession", "capture a beacon");
        warpToPeriod(1);
        coldly();
        possession.recordFaults(_sets[2]);
        vm.snapshotGasLastCall("possession", "record a fault, 100k");
        coldly();
        vm.prank(alice);
        possession.terminate(_sets[2], 0);
        vm.snapshotGasLastCall("possession", "terminate, 100k");
    }

    /// @dev The most a call may ask for, under a third of the 2²⁴ that a transaction may have.
    function test_Limits() external {
        coldly();
        addEqual(_sets[2], 256);
        assertLt(vm.snapshotGasLastCall("possession", "add 256 pieces, 100k"), 12_000_000);
        // Far apart, so that they share no slots.
        uint32[] memory pieces = new uint32[](128);
        for (uint32 i; i < 128; ++i) {
            pieces[i] = i * 781;
        }
        vm.prank(alice);
        possession.scheduleRemovals(_sets[2], pieces);
        warpToPeriod(1);
        coldly();
        possession.removePieces(_sets[2], 128);
        assertLt(vm.snapshotGasLastCall("possession", "remove 128 pieces far apart, 100k"), 6_000_000);
    }

    /// @dev The most leaves that can be asked for, under the highest trees there can be.
    function test_Limits_OfAProof() external {
        vm.prank(alice);
        uint64 set = possession.createSet(network, ALICE_DEVICE, ProvingTerms(PERIOD, WINDOW, 64));
        _root = uniform(LEAF, 45);
        Piece[] memory pieces = new Piece[](256);
        for (uint256 i; i < 256; ++i) {
            pieces[i] = Piece(_root, 1 << 45);
        }
        vm.prank(alice);
        possession.addPieces(set, pieces);
        warpToWindow(0);
        capture();
        LeafProof[] memory proofs = new LeafProof[](64);
        for (uint256 k; k < 64; ++k) {
            proofs[k] = uniformProof(LEAF, 45);
        }
        coldly();
        possession.prove(set, proofs);
        uint256 gas = vm.snapshotGasLastCall("possession", "prove 64 leaves of 45 levels");
        gas += 21_000 + dataGas(abi.encodeCall(possession.prove, (set, proofs)));
        vm.snapshotValue("possession", "prove 64 leaves of 45 levels, whole", gas);
        assertLt(gas, 6_000_000);
    }
}
