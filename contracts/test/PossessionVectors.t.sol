// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEvidence} from "../src/interfaces/IEvidence.sol";
import {LeafChallenge, LeafProof, Piece} from "../src/interfaces/IPossessionProofs.sol";
import {ProvingClock} from "../src/types/ProvingClock.sol";
import {PossessionWorld} from "./PossessionWorld.sol";

/// @notice specs/vectors/possession.json: the prover's sets, challenged and proven by the contract.
contract PossessionVectorsTest is PossessionWorld {
    string private _json = vm.readFile("specs/vectors/possession.json");

    function pathTo(string memory list, uint256 i, string memory field) private pure returns (string memory) {
        return string.concat(".", list, "[", vm.toString(i), "].", field);
    }

    function words(uint256 i, string memory field) private view returns (uint256[] memory) {
        return vm.parseJsonUintArray(_json, pathTo("scenarios", i, field));
    }

    function hashes(uint256 i, string memory field) private view returns (bytes32[] memory) {
        return vm.parseJsonBytes32Array(_json, pathTo("scenarios", i, field));
    }

    function test_Clocks() external view {
        for (uint256 i; i < 3; ++i) {
            string memory at = pathTo("clocks", i, "clock.");
            ProvingClock memory clock = ProvingClock({
                genesis: uint64(vm.parseJsonUint(_json, string.concat(at, "genesis"))),
                epochSeconds: uint32(vm.parseJsonUint(_json, string.concat(at, "epochSeconds"))),
                periodEpochs: uint16(vm.parseJsonUint(_json, string.concat(at, "periodEpochs"))),
                windowEpochs: uint16(vm.parseJsonUint(_json, string.concat(at, "windowEpochs")))
            });
            for (uint256 k; k < 3; ++k) {
                checkPeriod(clock, string.concat(pathTo("clocks", i, "periods["), vm.toString(k), "]."));
            }
        }
    }

    function checkPeriod(ProvingClock memory clock, string memory at) private view {
        uint32 period = uint32(numberIn(at, "period"));
        assertEq(clock.beaconEpoch(period), numberIn(at, "beaconEpoch"));
        assertEq(clock.frozenFrom(period), numberIn(at, "frozenFrom"));
        assertEq(clock.windowStart(period), numberIn(at, "windowStart"));
        assertEq(clock.onTimeUntil(period), numberIn(at, "onTimeUntil"));
        assertEq(clock.periodEnd(period), numberIn(at, "endsAt"));
        assertEq(clock.periodAt(numberIn(at, "opensAt")), period);
        assertEq(clock.periodAt(numberIn(at, "endsAt") - 1), period);
        assertEq(clock.periodAt(numberIn(at, "endsAt")), period + 1);
    }

    function numberIn(string memory at, string memory field) private view returns (uint256) {
        return vm.parseJsonUint(_json, string.concat(at, field));
    }

    /// @dev Sets are made in the order of their ids, filled and thinned out; then each gets its own beacon.
    function test_Scenarios() external {
        for (uint256 i; i < 3; ++i) {
            assertEq(createSet(), vm.parseJsonUint(_json, pathTo("scenarios", i, "set")));
            fill(i);
        }
        warpToPeriod(1);
        for (uint64 i; i < 3; ++i) {
            assertEq(possession.removePieces(i, 100), words(i, "removed").length);
        }
        warpToWindow(1);
        for (uint64 i; i < 3; ++i) {
            bytes32 word = vm.parseJsonBytes32(_json, pathTo("scenarios", i, "beacon"));
            vm.mockCall(
                address(evidence), abi.encodeWithSelector(IEvidence.beaconOf.selector), abi.encode(word)
            );
            challengeAndProve(i);
        }
    }

    function fill(uint256 i) private {
        bytes32[] memory roots = hashes(i, "roots");
        uint256[] memory leaves = words(i, "leaves");
        Piece[] memory pieces = new Piece[](roots.length);
        for (uint256 k; k < roots.length; ++k) {
            pieces[k] = Piece(roots[k], uint64(leaves[k]));
        }
        uint256[] memory removed = words(i, "removed");
        uint32[] memory going = new uint32[](removed.length);
        for (uint256 k; k < removed.length; ++k) {
            going[k] = uint32(removed[k]);
        }
        vm.startPrank(alice);
        possession.addPieces(uint64(i), pieces);
        if (going.length > 0) possession.scheduleRemovals(uint64(i), going);
        vm.stopPrank();
    }

    function challengeAndProve(uint64 set) private {
        (, LeafChallenge[] memory challenges) = possession.challengesOf(set);
        uint256[] memory pieces = words(set, "challengedPieces");
        uint256[] memory leaves = words(set, "challengedLeaves");
        bytes32[] memory shown = hashes(set, "proofLeaves");
        LeafProof[] memory proofs = new LeafProof[](shown.length);
        assertEq(challenges.length, shown.length);
        for (uint256 k; k < shown.length; ++k) {
            assertEq(challenges[k].piece, pieces[k]);
            assertEq(challenges[k].leaf, leaves[k]);
            proofs[k].leaf = shown[k];
            proofs[k].path = hashes(set, string.concat("proofPaths[", vm.toString(k), "]"));
        }
        possession.prove(set, proofs);
        assertTrue(possession.isProven(set, 1));
    }
}
