// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {LeafChallenge, LeafProof, Piece, ProvingTerms} from "../src/interfaces/IPossessionProofs.sol";
import {Offer, RailTerms} from "../src/interfaces/IStorageOffers.sol";
import {Rail, RailAccount} from "../src/interfaces/IStorageRails.sol";
import {PaymentsWorld} from "./PaymentsWorld.sol";

/// @notice A network that sells credits, whose four devices offer storage at 2³⁵ credits for 2⁴⁰ bytes: a credit for each leaf and period. Pieces have leaves that are all the same.
abstract contract RailsWorld is PaymentsWorld {
    uint16 internal constant PERIOD = 24;
    uint16 internal constant WINDOW = 4;
    uint64 internal constant PRICE = 1 << 35;
    uint16 internal constant NOTICE = 3;

    address internal delegate = makeAddr("delegate");

    function setUp() public virtual override {
        super.setUp();
        vm.prank(governor);
        storageOffers.setRailTerms(network, railTerms());
        for (uint32 i; i < DEVICES; ++i) {
            vm.prank(ownerOf(i));
            storageOffers.setOffer(network, i, offer(i));
        }
        buy(100e6);
    }

    function railTerms() internal pure returns (RailTerms memory t) {
        (t.program, t.lostAfter, t.repairPeriods, t.noticePeriods, t.repairPrice) = (1, 2, 2, NOTICE, PRICE);
        t.heldUntil = [uint16(2), 4, 6, 6];
        t.heldBps = [uint16(7_500), 5_000, 2_500, 0];
    }

    function offer(uint32 device) internal returns (Offer memory o) {
        o.delegate = device == 0 ? delegate : address(0);
        (o.storagePrice, o.egressPrice, o.country, o.capacityBytes) = (PRICE, 5, "DE", 1 << 40);
        o.proving = ProvingTerms(PERIOD, WINDOW, 3);
        o.url = string.concat("https://", vm.toString(ownerOf(device)), ".example");
    }

    function open(uint32 device, uint128 amount) internal returns (uint64) {
        vm.prank(payer);
        return storageRails.open(network, device, signer, PRICE, 5, amount);
    }

    function add(uint64 rail, uint256 depth) internal returns (uint32) {
        Rail memory r = storageRails.railAt(rail);
        uint32 piece = possessionProofs.setOf(r.set).pieces;
        bytes32 root = uniform(leafOf(depth), depth);
        bytes memory signature = bundle(rail, piece, root, uint64(1 << depth), SIGNER_KEY);
        vm.prank(ownerOf(r.device));
        return storageRails.addBundle(rail, root, uint64(1 << depth), signature);
    }

    function bundle(uint64 rail, uint32 piece, bytes32 root, uint64 leaves, uint256 key)
        internal
        view
        returns (bytes memory)
    {
        (uint8 parity, bytes32 r, bytes32 s) =
            vm.sign(key, storageRails.bundleDigest(rail, piece, root, leaves));
        return abi.encodePacked(r, s, parity);
    }

    function accountOf(uint64 rail) internal view returns (RailAccount memory) {
        return storageRails.accountOf(rail);
    }

    function prove(uint64 rail) internal {
        uint64 set = storageRails.railAt(rail).set;
        possessionProofs.capture(network, PERIOD, WINDOW);
        LeafProof[] memory proofs = answers(set);
        possessionProofs.prove(set, proofs);
    }

    /// @dev Every piece's leaf says how deep it is.
    function answers(uint64 set) internal view returns (LeafProof[] memory proofs) {
        (, LeafChallenge[] memory challenges) = possessionProofs.challengesOf(set);
        proofs = new LeafProof[](challenges.length);
        for (uint256 i; i < challenges.length; ++i) {
            uint256 depth = depthOf(possessionProofs.pieceOf(set, challenges[i].piece).leaves);
            (proofs[i].leaf, proofs[i].path) = (leafOf(depth), new bytes32[](depth));
            for (uint256 level; level < depth; ++level) {
                proofs[i].path[level] = uniform(leafOf(depth), level);
            }
        }
    }

    function leafOf(uint256 depth) internal pure returns (bytes32) {
        return bytes32(1 + depth);
    }

    function depthOf(uint256 leaves) internal pure returns (uint256 depth) {
        while (1 << depth < leaves) ++depth;
    }

    function uniform(bytes32 leaf, uint256 depth) internal pure returns (bytes32 hash) {
        hash = leaf;
        for (uint256 i; i < depth; ++i) {
            hash = sha256(abi.encodePacked(hash, hash)) & ~bytes32(uint256(0xc0));
        }
    }

    function periodNow() internal view returns (uint32) {
        uint256 nowAt = vm.getBlockTimestamp();
        return nowAt < GENESIS ? 0 : uint32((nowAt - GENESIS) / EPOCH / PERIOD);
    }

    function warpToPeriod(uint256 period) internal {
        vm.warp(GENESIS + period * PERIOD * EPOCH);
        vm.prevrandao(keccak256(abi.encode(period)));
    }

    function warpToWindow(uint256 period) internal {
        vm.warp(GENESIS + ((period + 1) * PERIOD - WINDOW) * EPOCH);
        vm.prevrandao(keccak256(abi.encode(period, "window")));
    }

    function capture() internal {
        possessionProofs.capture(network, PERIOD, WINDOW);
    }

    /// @dev Misses so many periods, from the one of now on, and is in the next.
    function miss(uint256 periods) internal {
        uint256 first = periodNow();
        for (uint256 i; i < periods; ++i) {
            warpToWindow(first + i);
            capture();
        }
        warpToPeriod(first + periods);
    }
}
