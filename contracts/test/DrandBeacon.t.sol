// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "forge-std/Test.sol";

import {DrandBeacon} from "../src/DrandBeacon.sol";
import {Bn254, G1Point, G2Point} from "../src/libraries/Bn254.sol";

/// @notice The beacon against rounds that the public chain "evmnet" has published.
contract DrandBeaconTest is Test {
    struct Round {
        uint64 number;
        G1Point signature;
        bytes32 randomness;
    }

    G2Point private key;
    uint64 private genesis;
    uint64 private period;
    Round[3] private rounds;
    DrandBeacon private beacon;

    function setUp() external {
        string memory json = vm.readFile("specs/vectors/drand.json");
        key = abi.decode(vm.parseJsonBytes(json, ".publicKey"), (G2Point));
        genesis = uint64(vm.parseUint(vm.parseJsonString(json, ".genesis")));
        period = uint64(vm.parseUint(vm.parseJsonString(json, ".period")));
        for (uint256 i = 0; i < 3; ++i) {
            string memory path = string.concat(".rounds[", vm.toString(i), "]");
            rounds[i] = Round({
                number: uint64(vm.parseUint(vm.parseJsonString(json, string.concat(path, ".round")))),
                signature: abi.decode(vm.parseJsonBytes(json, string.concat(path, ".signature")), (G1Point)),
                randomness: vm.parseJsonBytes32(json, string.concat(path, ".randomness"))
            });
        }
        beacon = new DrandBeacon(key, genesis, period);
    }

    // deployment

    function test_constructor_default() external view {
        assertEq(abi.encode(beacon.publicKey()), abi.encode(key));
        assertEq(beacon.genesis(), genesis);
        assertEq(beacon.period(), period);
    }

    function test_constructor_error_PublicKeyInvalid() external {
        G2Point memory swapped = G2Point(key.xReal, key.xImaginary, key.yReal, key.yImaginary);
        vm.expectRevert(DrandBeacon.PublicKeyInvalid.selector);
        new DrandBeacon(swapped, genesis, period);
        G2Point memory infinity;
        vm.expectRevert(DrandBeacon.PublicKeyInvalid.selector);
        new DrandBeacon(infinity, genesis, period);
    }

    function test_constructor_error_ScheduleInvalid() external {
        vm.expectRevert(abi.encodeWithSelector(DrandBeacon.ScheduleInvalid.selector, genesis, 0));
        new DrandBeacon(key, genesis, 0);
        vm.expectRevert(abi.encodeWithSelector(DrandBeacon.ScheduleInvalid.selector, 0, period));
        new DrandBeacon(key, 0, period);
    }

    function test_constructor_error_PrecompilesMissing() external {
        for (uint160 precompile = 5; precompile <= 8; ++precompile) {
            if (precompile == 7) continue; // multiplication is not used
            vm.mockCall(address(precompile), bytes(""), bytes(""));
            vm.expectRevert(abi.encodeWithSelector(Bn254.PrecompileFailed.selector, address(precompile)));
            new DrandBeacon(key, genesis, period);
            vm.clearMockedCalls();
        }
    }

    function test_constructor_error_PrecompilesWrong() external {
        // A pairing that always holds would let everything through, one that never does nothing.
        for (uint256 answer = 0; answer < 2; ++answer) {
            vm.mockCall(address(8), bytes(""), abi.encode(answer));
            vm.expectRevert(DrandBeacon.PrecompilesWrong.selector);
            new DrandBeacon(key, genesis, period);
        }
    }

    // rounds

    function test_submit_default() external {
        for (uint256 i = 0; i < 3; ++i) {
            Round memory round = rounds[i];
            uint64 time = genesis + (round.number - 1) * period;
            assertEq(beacon.wordOf(time), 0);
            vm.expectEmit(address(beacon));
            emit DrandBeacon.RoundSubmitted(round.number, round.randomness);
            assertEq(beacon.submit(round.number, round.signature), round.randomness);
            assertEq(beacon.wordOfRound(round.number), round.randomness);
            assertEq(beacon.wordOf(time), round.randomness);
            assertEq(beacon.wordOf(time - period + 1), round.randomness);
            assertEq(beacon.wordOf(time - period), 0);
            assertEq(beacon.wordOf(time + 1), 0);
        }
    }

    function test_submit_behavior_KnownRoundStays() external {
        Round memory round = rounds[0];
        beacon.submit(round.number, round.signature);
        vm.recordLogs();
        vm.prank(makeAddr("somebody else"));
        assertEq(beacon.submit(round.number, round.signature), round.randomness);
        assertEq(beacon.submit(round.number, G1Point(1, 2)), round.randomness);
        assertEq(vm.getRecordedLogs().length, 0);
        assertEq(beacon.wordOfRound(round.number), round.randomness);
    }

    function test_submit_behavior_OtherChainOfTheScheme() external {
        string memory json = vm.readFile("specs/vectors/bn254.json");
        uint256[] memory words = vm.parseJsonUintArray(json, ".publicKey");
        DrandBeacon other =
            new DrandBeacon(G2Point(words[0], words[1], words[2], words[3]), 1_800_000_000, 30);
        G1Point memory hashed = Bn254.hashToCurve(
            abi.encodePacked(keccak256(abi.encodePacked(uint64(7)))),
            "BLS_SIG_BN254G1_XMD:KECCAK-256_SVDW_RO_NUL_"
        );
        (, bytes memory product) =
            address(7).staticcall(abi.encode(hashed, vm.parseJsonUint(json, ".secret")));
        G1Point memory signature = abi.decode(product, (G1Point));
        assertEq(other.submit(7, signature), sha256(product));
        assertEq(other.wordOf(1_800_000_180), sha256(product));
        refuse(7, signature); // on evmnet
    }

    function test_submit_error_OtherRound() external {
        G1Point memory signature = rounds[0].signature;
        refuse(rounds[0].number + 1, signature);
        refuse(rounds[0].number - 1, signature);
        refuse(rounds[1].number, signature);
        refuse(0, signature);
        refuse(type(uint64).max, signature);
    }

    function test_submit_error_NotTheSignature() external {
        (uint64 number, G1Point memory s) = (rounds[0].number, rounds[0].signature);
        refuse(number, G1Point(s.x, Bn254.P - s.y)); // its negative
        refuse(number, G1Point(s.x + Bn254.P, s.y)); // the same residues, not reduced
        refuse(number, G1Point(s.x, s.y + Bn254.P));
        refuse(number, G1Point(s.y, s.x)); // off the curve
        refuse(number, G1Point(0, 0)); // at infinity
        refuse(number, G1Point(1, 2)); // the generator
    }

    function testFuzz_submit_error_AnyBitChanged(uint256 which, uint256 bit) external {
        Round memory round = rounds[which % 3];
        bit = bound(bit, 0, 511);
        if (bit < 256) round.signature.x ^= 1 << bit;
        else round.signature.y ^= 1 << (bit - 256);
        refuse(round.number, round.signature);
    }

    function testFuzz_submit_error_Garbage(uint64 number, uint256 x, uint256 y) external {
        refuse(number, G1Point(x, y));
        refuse(number, G1Point(x % Bn254.P, y % Bn254.P));
    }

    /// @dev Points of the group, so that the pairing has to refuse them.
    function testFuzz_submit_error_OtherPoints(uint64 number, uint256 factor) external {
        (, bytes memory product) = address(7).staticcall(abi.encode(uint256(1), uint256(2), factor));
        refuse(number, abi.decode(product, (G1Point)));
    }

    function testFuzz_submit_error_OtherRounds(uint64 number) external {
        vm.assume(number != rounds[1].number);
        refuse(number, rounds[1].signature);
    }

    // schedule

    /// forge-config: default.fuzz.runs = 256
    function testFuzz_roundAt_default(uint64 time, uint64 genesis_, uint64 period_) external {
        genesis_ = uint64(bound(genesis_, 1, type(uint64).max));
        period_ = uint64(bound(period_, 1, time % 2 == 0 ? 100 : type(uint64).max));
        uint256 round = new DrandBeacon(key, genesis_, period_).roundAt(time);
        assertGe(round, 1);
        assertGe(uint256(genesis_) + (round - 1) * period_, time);
        if (round > 1) assertLt(uint256(genesis_) + (round - 2) * period_, time);
    }

    function test_roundAt_default() external view {
        assertEq(beacon.roundAt(0), 1);
        assertEq(beacon.roundAt(genesis), 1);
        assertEq(beacon.roundAt(genesis + 1), 2);
        assertEq(beacon.roundAt(genesis + 3), 2);
        assertEq(beacon.roundAt(genesis + 4), 3);
    }

    /// forge-config: default.isolate = true
    function test_gas_Submit() external {
        Round memory round = rounds[0];
        beacon.submit(round.number, round.signature);
        uint256 gas = vm.snapshotGasLastCall("Drand", "submit a round");
        assertLe(gas, 200_000);
    }

    function refuse(uint64 number, G1Point memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(DrandBeacon.SignatureInvalid.selector, number));
        beacon.submit(number, signature);
    }
}
