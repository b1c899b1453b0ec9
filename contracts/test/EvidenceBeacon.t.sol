// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DrandBeacon} from "../src/DrandBeacon.sol";
import {IBeacon} from "../src/interfaces/IBeacon.sol";
import {IEvidence} from "../src/interfaces/IEvidence.sol";
import {NetworkConfig} from "../src/interfaces/INetworks.sol";
import {G1Point, G2Point} from "../src/libraries/Bn254.sol";
import {NetworkId} from "../src/types/NetworkId.sol";
import {SettlementWorld} from "./SettlementWorld.sol";

/// @notice A beacon whose words are set by hand, and which breaks when told to.
contract BeaconStub is IBeacon {
    mapping(uint64 time => bytes32) private _words;
    bool private _broken;

    function set(uint64 time, bytes32 word) external {
        _words[time] = word;
    }

    function damage() external {
        _broken = true;
    }

    function mend() external {
        _broken = false;
    }

    function wordOf(uint64 time) external view returns (bytes32) {
        require(!_broken, "broken");
        return _words[time];
    }
}

/// @notice Evidence of a network that has a beacon of its own, in place of prevrandao.
contract EvidenceBeaconTest is SettlementWorld {
    BeaconStub private beacon = new BeaconStub();

    function config() internal view override returns (NetworkConfig memory c) {
        c = super.config();
        c.beacon = beacon;
    }

    function startOf(uint32 epoch) private pure returns (uint64) {
        return uint64(GENESIS + uint256(epoch) * EPOCH);
    }

    function test_Capture_TakesTheWordOfTheEpochsStart() external {
        beacon.set(startOf(3), "three");
        beacon.set(startOf(4), "four");
        vm.warp(startOf(4) + 7);
        vm.prevrandao(bytes32(uint256(8)));
        bytes32 expected = keccak256(abi.encode(network, uint32(3), bytes32("three")));
        vm.expectEmit(address(evidence));
        emit IEvidence.BeaconCaptured(network, 3, expected);
        assertEq(evidence.captureBeacon(network, 3), expected);
        assertEq(evidence.beaconOf(network, 3), expected);
        assertEq(
            evidence.captureBeacon(network, 4), keccak256(abi.encode(network, uint32(4), bytes32("four")))
        );
    }

    function test_Capture_IsFixedOnce() external {
        beacon.set(startOf(0), "first");
        vm.warp(startOf(0));
        bytes32 captured = evidence.captureBeacon(network, 0);
        beacon.set(startOf(0), "second");
        vm.recordLogs();
        assertEq(evidence.captureBeacon(network, 0), captured);
        beacon.damage();
        assertEq(evidence.captureBeacon(network, 0), captured);
        assertEq(vm.getRecordedLogs().length, 0);
    }

    function test_RevertWhen_CapturedBeforeTheEpoch() external {
        beacon.set(startOf(1), "known too early");
        vm.warp(startOf(1) - 1);
        vm.expectRevert(abi.encodeWithSelector(IEvidence.EpochNotStarted.selector, 1, startOf(1)));
        evidence.captureBeacon(network, 1);
    }

    function test_RevertWhen_TheWordIsNotKnown() external {
        vm.warp(startOf(2));
        vm.expectRevert(abi.encodeWithSelector(IEvidence.BeaconNotKnown.selector, 2, startOf(2)));
        evidence.captureBeacon(network, 2);
        beacon.damage();
        vm.expectRevert(abi.encodeWithSelector(IEvidence.BeaconNotKnown.selector, 2, startOf(2)));
        evidence.captureBeacon(network, 2);
    }

    function test_Commit_CapturesAWordThatIsKnown() external {
        beacon.set(startOf(0), "zero");
        warpToSealing(0);
        bytes32 expected = keccak256(abi.encode(network, uint32(0), bytes32("zero")));
        vm.expectEmit(address(evidence));
        emit IEvidence.BeaconCaptured(network, 0, expected);
        vm.prank(ingest);
        evidence.commit(network, 0, "root", 5, 500);
        assertEq(evidence.beaconOf(network, 0), expected);
    }

    /// @dev No evidence is lost for want of a beacon; settling waits for it, and goes on when somebody captures it, however late.
    function test_Commit_WithoutAWordThatIsCapturedLater() external {
        warpToSealing(0);
        vm.prank(ingest);
        assertEq(evidence.commit(network, 0, "root", 5, 500), 0);
        assertEq(evidence.beaconOf(network, 0), 0);
        beacon.damage();
        vm.prank(otherIngest);
        assertEq(evidence.commit(network, 0, "other", 5, 500), 1);
        assertEq(evidence.beaconOf(network, 0), 0);
        assertEq(evidence.slotCount(network), 2);

        beacon.set(startOf(0), "late");
        beacon.mend();
        warpToAttestEnd(5);
        assertEq(
            evidence.captureBeacon(network, 0), keccak256(abi.encode(network, uint32(0), bytes32("late")))
        );
    }

    function testFuzz_Capture_DiffersByNetworkAndEpoch(uint32 epoch, bytes32 word) external {
        vm.assume(word != 0);
        epoch = uint32(bound(epoch, 0, 1e6));
        beacon.set(startOf(epoch), word);
        vm.warp(startOf(epoch));
        assertEq(evidence.captureBeacon(network, epoch), keccak256(abi.encode(network, epoch, word)));
    }

    /// @dev A network whose epoch 1 begins with a round that evmnet has published (specs/vectors/drand.json).
    function test_Drand() external {
        string memory json = vm.readFile("specs/vectors/drand.json");
        uint64 genesis = uint64(vm.parseUint(vm.parseJsonString(json, ".genesis")));
        uint64 round = uint64(vm.parseUint(vm.parseJsonString(json, ".rounds[1].round")));
        DrandBeacon drand =
            new DrandBeacon(abi.decode(vm.parseJsonBytes(json, ".publicKey"), (G2Point)), genesis, 3);
        uint64 startsAt = genesis + (round - 1) * 3 - 2; // the round is the first after it

        NetworkConfig memory c = config();
        c.beacon = drand;
        c.timeline.genesis = startsAt - EPOCH;
        vm.warp(startsAt);
        (NetworkId other,,,) =
            createNetwork(c, emission, 1e27, "drand", RULESET, [uint16(7_000), 3_000, 0, 0]);
        vm.expectRevert(abi.encodeWithSelector(IEvidence.BeaconNotKnown.selector, 1, startsAt));
        evidence.captureBeacon(other, 1);
        drand.submit(round, abi.decode(vm.parseJsonBytes(json, ".rounds[1].signature"), (G1Point)));
        assertEq(
            evidence.captureBeacon(other, 1),
            keccak256(abi.encode(other, uint32(1), vm.parseJsonBytes32(json, ".rounds[1].randomness")))
        );
    }
}
