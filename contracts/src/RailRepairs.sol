// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {RailBook} from "./RailBook.sol";
import {DataSet, Piece, ProvingTerms} from "./interfaces/IPossessionProofs.sol";
import {Deal} from "./interfaces/IStorageOffers.sol";
import {IStorageRails, Rail, RailState} from "./interfaces/IStorageRails.sol";
import {RailMath} from "./libraries/RailMath.sol";

/// @notice Succession to lost rails.
/// @dev Their credits stay with the lost rail until the successor has proven, so one that fails moves nothing, and blocks it for a bounded time at the price of being at fault for what it was to keep.
abstract contract RailRepairs is RailBook {
    uint32 private constant MOST_COPIED = 128;

    mapping(uint64 lost => mapping(address operator => bool)) private _tried;

    /// @inheritdoc IStorageRails
    function succeed(uint64 lost, uint32 device) external returns (uint64 id) {
        Rail storage old = _inState(lost, RailState.Lost);
        if (old.successor != 0) revert UnderRepair(lost, old.successor - 1);
        _requireActsFor(old.network, device);
        Deal memory deal = _dealOf(old.network, device, old.storagePrice, old.egressPrice);
        address operator = deal.owner;
        if (operator == old.operator || _tried[lost][operator]) revert RepairTried(lost, operator);
        if (servedBy(old.network, old.payer, operator) > 0) revert OperatorServes(old.payer, operator);

        id = _createSuccessor(old, device, deal);
        Rail storage rail = _rails[id];
        rail.lost = lost + 1;
        old.successor = id + 1;
        _tried[lost][operator] = true;
        emit RailSucceeded(lost, id, rail.repairUntil);
    }

    /// @inheritdoc IStorageRails
    function copyPieces(uint64 id, uint32 most) external returns (uint32 copied) {
        Rail storage rail = _inState(id, RailState.Repairing);
        uint64 oldSet = _rails[rail.lost - 1].set;
        uint32 from = rail.copied;
        Piece[] memory pieces = POSSESSION.piecesOf(oldSet, from, most < MOST_COPIED ? most : MOST_COPIED);
        copied = uint32(pieces.length);
        if (copied == 0) revert NothingToCopy(id);
        rail.copied = from + copied;
        uint32 firstPiece = _addStanding(rail.set, pieces);
        if (from + copied == POSSESSION.setOf(oldSet).pieces) {
            DataSet memory set = POSSESSION.setOf(rail.set);
            uint32 period = set.clock.periodAt(block.timestamp);
            rail.coversFrom = block.timestamp < set.clock.frozenFrom(period) ? period + 1 : period + 2;
        }
        emit PiecesCopied(id, from, from + copied, firstPiece);
    }

    /// @inheritdoc IStorageRails
    function completeRepair(uint64 id) external {
        Rail storage rail = _inState(id, RailState.Repairing);
        DataSet memory set = POSSESSION.setOf(rail.set);
        if (!_isProven(rail, set)) revert RepairNotProven(id, rail.coversFrom, set.proven);
        uint64 lost = rail.lost - 1;
        Rail storage old = _rails[lost];
        Book memory book = _bookOf(lost, old);
        if (!book.over) revert NotOver(lost, book.set.endsAfter - 1, book.period);

        uint128 moved = book.credits - book.due;
        uint256 promised = uint256(RailMath.cost(set.leaves, book.terms.repairPrice, 1)) + book.held;
        uint128 reward = uint128(Math.min(promised, moved));
        (rail.state, rail.reward) = (RailState.Running, reward);
        old.state = RailState.Closed;
        emit RailRepaired(lost, id, reward, moved);
        CREDITS.passOn(rail.network, lost, id, moved);
    }

    /// @inheritdoc IStorageRails
    function failRepair(uint64 id) external {
        Rail storage rail = _inState(id, RailState.Repairing);
        Book memory book = _bookOf(id, rail);
        bool due = book.period > rail.repairUntil || book.missed >= book.terms.lostAfter
            || OFFERS.actsFor(rail.network, rail.device, msg.sender);
        if (!due || _isProven(rail, book.set)) revert RepairNotDue(id, rail.repairUntil, book.period);
        rail.state = RailState.Closed;
        uint64 lost = rail.lost - 1;
        _rails[lost].successor = 0;
        _leave(rail);
        _endSetNow(rail, book);
        emit RepairFailed(lost, id);
    }

    function _createSuccessor(Rail storage old, uint32 device, Deal memory deal)
        private
        returns (uint64)
    {
        Rail memory rail;
        (rail.network, rail.device, rail.operator) = (old.network, device, deal.owner);
        (rail.payer, rail.signer, rail.terms) = (old.payer, old.signer, old.terms);
        (rail.storagePrice, rail.egressPrice) = (deal.storagePrice, deal.egressPrice);
        DataSet memory set = POSSESSION.setOf(old.set);
        uint32 left = OFFERS.railTermsAt(old.network, old.terms).repairPeriods;
        rail.repairUntil = set.clock.periodAt(block.timestamp) + left;
        rail.state = RailState.Repairing;
        return _create(
            rail, ProvingTerms(set.clock.periodEpochs, set.clock.windowEpochs, set.challenges)
        );
    }

    /// @dev All but those that were removed, which have no leaves.
    function _addStanding(uint64 set, Piece[] memory pieces) private returns (uint32 firstPiece) {
        uint256 standing;
        for (uint256 i; i < pieces.length; ++i) {
            if (pieces[i].leaves > 0) pieces[standing++] = pieces[i];
        }
        if (standing == 0) return POSSESSION.setOf(set).pieces;
        assembly ("memory-safe") {
            mstore(pieces, standing)
        }
        return POSSESSION.addPieces(set, pieces);
    }

    function _isProven(Rail storage rail, DataSet memory set) private view returns (bool) {
        return rail.coversFrom != 0 && set.proven >= rail.coversFrom;
    }
}
