// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Evidence} from "../src/Evidence.sol";
import {PossessionProofs} from "../src/PossessionProofs.sol";
import {IBeacon} from "../src/interfaces/IBeacon.sol";
import {NetworkConfig} from "../src/interfaces/INetworks.sol";
import {LeafChallenge, LeafProof, Piece, ProvingTerms} from "../src/interfaces/IPossessionProofs.sol";
import {Foundation} from "./Foundation.sol";

/// @notice A beacon with a word for every time that has come, unless it is down.
contract PossessionBeacon is IBeacon {
    bool public down;
    bytes32 private _salt;

    function setDown(bool down_) external {
        down = down_;
    }

    /// @dev Another world; only before anything was captured.
    function salt(bytes32 salt_) external {
        _salt = salt_;
    }

    function wordOf(uint64 time) external view returns (bytes32) {
        return down || time > block.timestamp ? bytes32(0) : keccak256(abi.encode(_salt, time));
    }
}

/// @notice A network with a beacon, alice's device 0 and bob's device 1, and pieces whose leaves are all the same: of any size, and proven without building them.
abstract contract PossessionWorld is Foundation {
    uint16 internal constant PERIOD = 24;
    uint16 internal constant WINDOW = 4;
    uint8 internal constant CHALLENGES = 5;
    uint32 internal constant ALICE_DEVICE = 0;
    uint32 internal constant BOB_DEVICE = 1;

    address internal rails = makeAddr("rails");
    Evidence internal evidence;
    PossessionProofs internal possession;
    PossessionBeacon internal beacon;

    function setUp() public virtual override {
        super.setUp();
        evidence = new Evidence(address(networks), address(stake));
        possession = new PossessionProofs(address(networks), address(devices), address(evidence), rails);
        beacon = new PossessionBeacon();
        NetworkConfig memory c = config();
        c.beacon = beacon;
        network = networks.create(c, "possession", RULESET, weights(10_000, 0, 0, 0));
        register(alice, 11);
        register(bob, 12);
    }

    function terms() internal pure returns (ProvingTerms memory) {
        return ProvingTerms(PERIOD, WINDOW, CHALLENGES);
    }

    function createSet() internal returns (uint64) {
        vm.prank(alice);
        return possession.createSet(network, ALICE_DEVICE, terms());
    }

    /// @notice The hash of 2^depth leaves that are all `leaf`.
    function uniform(bytes32 leaf, uint256 depth) internal pure returns (bytes32 hash) {
        hash = leaf;
        for (uint256 i; i < depth; ++i) {
            hash = hashPair(hash, hash);
        }
    }

    function hashPair(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(left, right)) & ~bytes32(uint256(0xc0));
    }

    function leafOf(uint256 piece) internal pure returns (bytes32) {
        return bytes32(1 + piece);
    }

    function uniformPieces(uint256 first, uint256 count, uint256 depth)
        internal
        pure
        returns (Piece[] memory pieces)
    {
        pieces = new Piece[](count);
        for (uint256 i; i < count; ++i) {
            pieces[i] = Piece(uniform(leafOf(first + i), depth), uint64(1 << depth));
        }
    }

    function add(uint64 set, uint256 count, uint256 depth) internal {
        Piece[] memory pieces = uniformPieces(possession.setOf(set).pieces, count, depth);
        vm.prank(alice);
        possession.addPieces(set, pieces);
    }

    function schedule(uint64 set, uint32 first, uint32 count) internal {
        uint32[] memory pieces = new uint32[](count);
        for (uint32 i; i < count; ++i) {
            pieces[i] = first + i;
        }
        vm.prank(alice);
        possession.scheduleRemovals(set, pieces);
    }

    /// @notice What answers the challenges of now, for a set of uniform pieces.
    function answers(uint64 set) internal view returns (LeafProof[] memory proofs) {
        (, LeafChallenge[] memory challenges) = possession.challengesOf(set);
        proofs = new LeafProof[](challenges.length);
        for (uint256 i; i < challenges.length; ++i) {
            uint32 piece = challenges[i].piece;
            proofs[i] = uniformProof(leafOf(piece), depthOf(possession.pieceOf(set, piece).leaves));
        }
    }

    function uniformProof(bytes32 leaf, uint256 depth) internal pure returns (LeafProof memory proof) {
        proof.leaf = leaf;
        proof.path = new bytes32[](depth);
        bytes32 hash = leaf;
        for (uint256 i; i < depth; ++i) {
            proof.path[i] = hash;
            hash = hashPair(hash, hash);
        }
    }

    function depthOf(uint256 leaves) internal pure returns (uint256 depth) {
        while (1 << depth < leaves) ++depth;
    }

    function prove(uint64 set) internal {
        evidence.captureBeacon(network, uint32(windowEpoch(periodNow())));
        LeafProof[] memory proofs = answers(set);
        possession.prove(set, proofs);
    }

    function capture() internal {
        possession.capture(network, PERIOD, WINDOW);
    }

    function periodNow() internal view returns (uint32) {
        return uint32((vm.getBlockTimestamp() - GENESIS) / EPOCH_SECONDS / PERIOD);
    }

    function windowEpoch(uint256 period) internal pure returns (uint256) {
        return (period + 1) * PERIOD - WINDOW;
    }

    function windowStart(uint256 period) internal pure returns (uint256) {
        return GENESIS + windowEpoch(period) * EPOCH_SECONDS;
    }

    function warpToPeriod(uint256 period) internal {
        vm.warp(GENESIS + period * PERIOD * EPOCH_SECONDS);
    }

    function warpToWindow(uint256 period) internal {
        vm.warp(windowStart(period));
    }
}
