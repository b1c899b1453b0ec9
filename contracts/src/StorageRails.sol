// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {RailBook} from "./RailBook.sol";
import {RailRepairs} from "./RailRepairs.sol";
import {Piece} from "./interfaces/IPossessionProofs.sol";
import {Deal} from "./interfaces/IStorageOffers.sol";
import {IStorageRails, Rail, RailState} from "./interfaces/IStorageRails.sol";
import {RailMath} from "./libraries/RailMath.sol";
import {WalletSignature} from "./libraries/WalletSignature.sol";
import {NetworkId} from "./types/NetworkId.sol";

/// @dev Tokens leave in `settle` alone, last of all: whatever a receiver does then, or refuses, hinders nothing else.
contract StorageRails is RailRepairs, EIP712 {
    bytes32 private constant BUNDLE =
        keccak256("StorageBundle(uint64 rail,uint32 piece,bytes32 root,uint64 leaves)");

    constructor(address devices, address offers, address credits, address possession)
        RailBook(devices, offers, credits, possession)
        EIP712("Cairn Storage", "1")
    {}

    /// @inheritdoc IStorageRails
    function open(
        NetworkId network,
        uint32 device,
        address signer,
        uint64 mostStoragePrice,
        uint64 mostEgressPrice,
        uint128 credits
    ) external returns (uint64 id) {
        Deal memory deal = _dealOf(network, device, mostStoragePrice, mostEgressPrice);
        Rail memory rail;
        (rail.network, rail.device, rail.operator) = (network, device, deal.owner);
        (rail.payer, rail.signer) = (msg.sender, signer);
        (rail.storagePrice, rail.egressPrice) = (deal.storagePrice, deal.egressPrice);
        (rail.terms,) = OFFERS.railTermsOf(network);
        id = _create(rail, deal.proving);
        if (credits > 0) _fund(id, _rails[id], credits);
    }

    /// @inheritdoc IStorageRails
    function fund(uint64 id, uint128 credits) external {
        Rail storage rail = _ofPayer(id);
        if (rail.state == RailState.Lost || rail.state == RailState.Closed) {
            revert RailStateWrong(id, rail.state);
        }
        _fund(id, rail, credits);
    }

    /// @inheritdoc IStorageRails
    function setSigner(uint64 id, address signer) external {
        Rail storage rail = _ofPayer(id);
        rail.signer = signer == address(0) ? rail.payer : signer;
        emit SignerSet(id, rail.signer);
    }

    /// @inheritdoc IStorageRails
    function addBundle(uint64 id, bytes32 root, uint64 leaves, bytes calldata signature)
        external
        returns (uint32 piece)
    {
        Rail storage rail = _inState(id, RailState.Running);
        _requireActsFor(rail.network, rail.device);
        Book memory book = _bookOf(id, rail);
        _requireSigned(id, rail, bundleDigest(id, book.set.pieces, root, leaves), signature);
        uint256 needed =
            RailMath.needed(book.terms, uint256(book.set.leaves) + leaves, rail.storagePrice);
        uint256 free = _free(book);
        if (free < needed) revert NotCovered(id, needed, free);
        Piece[] memory pieces = new Piece[](1);
        pieces[0] = Piece(root, leaves);
        piece = POSSESSION.addPieces(rail.set, pieces);
        emit BundleAdded(id, piece, root, leaves);
    }

    /// @inheritdoc IStorageRails
    function removePieces(uint64 id, uint32[] calldata pieces) external {
        Rail storage rail = _known(id);
        if (msg.sender != rail.payer && msg.sender != rail.signer) revert NotParty(id, msg.sender);
        POSSESSION.scheduleRemovals(rail.set, pieces);
    }

    /// @inheritdoc IStorageRails
    function settle(uint64 id) external returns (uint128 credits) {
        Rail storage rail = _known(id);
        Book memory book = _bookOf(id, rail);
        credits = book.due;
        if (credits == 0) return 0;
        rail.paid += credits;
        NetworkId network = rail.network;
        address seller = _deviceOwner(network, rail.device);
        (uint128 burned, uint128 paid) =
            CREDITS.spendLocked(network, id, rail.payer, seller, book.terms.program, credits);
        emit RailSettled(id, seller, credits, burned, paid);
        CREDITS.payOut(network, seller, burned, paid);
    }

    /// @inheritdoc IStorageRails
    function end(uint64 id) external returns (uint32 lastPeriod) {
        Rail storage rail = _known(id);
        RailState state = rail.state;
        if (state != RailState.Running && state != RailState.Ended) revert RailStateWrong(id, state);
        bool byOwner = msg.sender == _deviceOwner(rail.network, rail.device);
        if (!byOwner && msg.sender != rail.payer) revert NotParty(id, msg.sender);
        Book memory book = _bookOf(id, rail);
        bool atOnce = byOwner && _free(book) < RailMath.needed(book.terms, book.set.leaves, rail.storagePrice);
        if (state == RailState.Running) {
            rail.state = RailState.Ended;
            _leave(rail);
        }
        lastPeriod = POSSESSION.terminate(rail.set, atOnce ? 0 : book.period + book.terms.noticePeriods);
        emit RailEnded(id, lastPeriod, msg.sender);
    }

    /// @inheritdoc IStorageRails
    function lose(uint64 id) external {
        Rail storage rail = _known(id);
        RailState state = rail.state;
        Book memory book = _bookOf(id, rail);
        bool runs = state == RailState.Running || (state == RailState.Ended && !book.over);
        if (!runs) revert RailStateWrong(id, state);
        if (book.missed < book.terms.lostAfter) revert NotLost(id, book.missed, book.terms.lostAfter);
        rail.state = RailState.Lost;
        if (state == RailState.Running) _leave(rail);
        emit RailLost(id, _endSetNow(rail, book));
    }

    /// @inheritdoc IStorageRails
    function withdraw(uint64 id) external returns (uint128 credits) {
        Rail storage rail = _known(id);
        RailState state = rail.state;
        Book memory book = _bookOf(id, rail);
        if (!book.over) {
            if (book.set.endsAfter == 0) revert RailStateWrong(id, state);
            revert NotOver(id, book.set.endsAfter - 1, book.period);
        }
        if (state == RailState.Lost) {
            if (msg.sender != rail.payer) revert NotPayer(id, msg.sender, rail.payer);
            if (rail.successor != 0) revert UnderRepair(id, rail.successor - 1);
            rail.state = RailState.Closed;
        }
        credits = book.credits - book.due;
        if (credits == 0) return 0;
        emit RailWithdrawn(id, credits);
        CREDITS.release(rail.network, id, rail.payer, credits);
    }

    /// @inheritdoc IStorageRails
    function bundleDigest(uint64 rail, uint32 piece, bytes32 root, uint64 leaves) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(BUNDLE, rail, piece, root, leaves)));
    }

    function _fund(uint64 id, Rail storage rail, uint128 credits) private {
        emit RailFunded(id, credits);
        CREDITS.lock(rail.network, rail.payer, id, credits);
    }

    function _ofPayer(uint64 id) private view returns (Rail storage rail) {
        rail = _known(id);
        if (msg.sender != rail.payer) revert NotPayer(id, msg.sender, rail.payer);
    }

    /// @dev A key is tried first: who signs with one never pays for asking a wallet.
    function _requireSigned(uint64 id, Rail storage rail, bytes32 digest, bytes calldata signature) private view {
        (address payer, address signer) = (rail.payer, rail.signer);
        (address by, ECDSA.RecoverError flaw,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (flaw == ECDSA.RecoverError.NoError && signature.length == 65 && (by == payer || by == signer)) return;
        if (WalletSignature.isBy(payer, digest, signature)) return;
        if (signer != payer && WalletSignature.isBy(signer, digest, signature)) return;
        revert NotSigned(id, digest);
    }
}
