// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICredits} from "./interfaces/ICredits.sol";
import {DataSet, IPossessionProofs, ProvingTerms} from "./interfaces/IPossessionProofs.sol";
import {Deal, IStorageOffers, RailTerms} from "./interfaces/IStorageOffers.sol";
import {IStorageRails, Rail, RailAccount, RailState} from "./interfaces/IStorageRails.sol";
import {RailMath} from "./libraries/RailMath.sol";
import {NetworkId} from "./types/NetworkId.sol";

/// @notice The rails and how each stands.
/// @dev What a device's owner has a right to is a function of what was proven, of the rail's terms and of how it ended, not of when it was paid: all sums count from the rail's opening.
abstract contract RailBook is IStorageRails {
    /// @dev All that one decision about a rail looks at, read once.
    struct Book {
        RailTerms terms;
        DataSet set;
        uint32 period;
        uint8 missed;
        bool over; // its last period is
        uint128 credits;
        uint128 earned;
        uint128 held;
        uint128 owed; // and not paid, held back or not
        uint128 due;
    }

    IERC721 internal immutable DEVICES;
    IStorageOffers internal immutable OFFERS;
    ICredits internal immutable CREDITS;
    IPossessionProofs internal immutable POSSESSION;

    uint64 private _railCount;
    mapping(uint64 rail => Rail) internal _rails;
    mapping(address payer => mapping(uint256 deviceId => uint64 railPlusOne)) private _railOf;
    mapping(NetworkId => mapping(address payer => mapping(address operator => uint32))) private _served;

    constructor(address devices, address offers, address credits, address possession) {
        DEVICES = IERC721(devices);
        OFFERS = IStorageOffers(offers);
        CREDITS = ICredits(credits);
        POSSESSION = IPossessionProofs(possession);
    }

    /// @inheritdoc IStorageRails
    function railCount() external view returns (uint64) {
        return _railCount;
    }

    /// @inheritdoc IStorageRails
    function railAt(uint64 rail) external view returns (Rail memory) {
        return _known(rail);
    }

    /// @inheritdoc IStorageRails
    function accountOf(uint64 id) external view returns (RailAccount memory account) {
        Rail storage rail = _known(id);
        Book memory book = _bookOf(id, rail);
        account.credits = book.credits;
        account.earned = book.earned;
        account.held = book.held;
        account.due = book.due;
        account.needed = RailMath.needed(book.terms, book.set.leaves, rail.storagePrice);
        account.perPeriod = RailMath.cost(book.set.leaves, rail.storagePrice, 1);
        account.period = book.period;
        account.lastPeriod = book.set.endsAfter == 0 ? type(uint32).max : book.set.endsAfter - 1;
        account.coveredUntil = _coveredUntil(book, account.perPeriod);
        account.provenPeriods = book.set.provenPeriods;
        account.missedInRow = book.missed;
        account.isLost = rail.state == RailState.Lost || book.missed >= book.terms.lostAfter;
    }

    /// @inheritdoc IStorageRails
    function railOf(NetworkId network, address payer, uint32 device) external view returns (uint64) {
        return _railOf[payer][network.deviceId(device)];
    }

    /// @inheritdoc IStorageRails
    function servedBy(NetworkId network, address payer, address operator) public view returns (uint32) {
        return _served[network][payer][operator];
    }

    /// @inheritdoc IStorageRails
    function quote(uint64 id, uint64 leaves) external view returns (uint128 perPeriod, uint128 needed) {
        Rail storage rail = _known(id);
        return _quote(OFFERS.railTermsAt(rail.network, rail.terms), leaves, rail.storagePrice);
    }

    /// @inheritdoc IStorageRails
    function quoteOffer(NetworkId network, uint32 device, uint64 leaves)
        external
        view
        returns (uint128 perPeriod, uint128 needed)
    {
        (, RailTerms memory terms) = OFFERS.railTermsOf(network);
        return _quote(terms, leaves, OFFERS.offerOf(network, device).offer.storagePrice);
    }

    /// @dev The rail's data set is made by terms that the device's owner agreed to: those of its offer, or of the rail it succeeds to.
    function _create(Rail memory rail, ProvingTerms memory proving) internal returns (uint64 id) {
        uint256 deviceId = rail.network.deviceId(rail.device);
        uint64 other = _railOf[rail.payer][deviceId];
        if (other != 0) revert RailExists(rail.payer, deviceId, other - 1);
        if (rail.signer == address(0)) rail.signer = rail.payer;
        id = _railCount++;
        rail.set = POSSESSION.createSet(rail.network, rail.device, proving);
        _rails[id] = rail;
        _railOf[rail.payer][deviceId] = id + 1;
        ++_served[rail.network][rail.payer][rail.operator];
        emit RailOpened(
            rail.payer,
            rail.signer,
            deviceId,
            id,
            rail.set,
            rail.storagePrice,
            rail.egressPrice,
            rail.terms
        );
    }

    /// @dev It runs no more, so its device, and its operator, may serve the payer by another.
    function _leave(Rail storage rail) internal {
        delete _railOf[rail.payer][rail.network.deviceId(rail.device)];
        --_served[rail.network][rail.payer][rail.operator];
    }

    function _endSetNow(Rail storage rail, Book memory book) internal returns (uint32 lastPeriod) {
        uint32 ends = book.set.endsAfter;
        if (ends != 0 && ends <= book.period + 1) return ends - 1;
        return POSSESSION.terminate(rail.set, 0);
    }

    function _bookOf(uint64 id, Rail storage rail) internal view returns (Book memory book) {
        book.terms = OFFERS.railTermsAt(rail.network, rail.terms);
        book.set = POSSESSION.setOf(rail.set);
        book.period = book.set.clock.periodAt(block.timestamp);
        book.missed = POSSESSION.missedInRow(rail.set);
        book.over = book.set.endsAfter != 0 && book.period >= book.set.endsAfter;
        book.credits = CREDITS.lockedOf(rail.network, id).credits;
        book.earned = RailMath.earned(book.set.leafPeriods, rail.storagePrice);
        // What is held back is paid when the rail is over and was not lost; of all others it stays held back.
        bool released = rail.state == RailState.Ended && book.over && book.missed < book.terms.lostAfter;
        if (!released) book.held = RailMath.held(book.terms, book.earned, book.set.provenPeriods);
        book.owed = book.earned + rail.reward - rail.paid;
        book.due = uint128(Math.min(book.owed - book.held, book.credits));
    }

    /// @dev What the rail has beyond all that it owes, held back or not.
    function _free(Book memory book) internal pure returns (uint256) {
        return book.credits > book.owed ? book.credits - book.owed : 0;
    }

    function _known(uint64 id) internal view returns (Rail storage) {
        if (id >= _railCount) revert RailUnknown(id);
        return _rails[id];
    }

    function _inState(uint64 id, RailState state) internal view returns (Rail storage rail) {
        rail = _known(id);
        if (rail.state != state) revert RailStateWrong(id, rail.state);
    }

    /// @dev The device's open offer, if it asks no more.
    function _dealOf(NetworkId network, uint32 device, uint64 mostStorage, uint64 mostEgress)
        internal
        view
        returns (Deal memory deal)
    {
        deal = OFFERS.dealOf(network, device);
        if (deal.storagePrice > mostStorage) revert PriceAbove("storage", deal.storagePrice, mostStorage);
        if (deal.egressPrice > mostEgress) revert PriceAbove("egress", deal.egressPrice, mostEgress);
    }

    function _requireActsFor(NetworkId network, uint32 device) internal view {
        if (!OFFERS.actsFor(network, device, msg.sender)) {
            revert NotOperator(network.deviceId(device), msg.sender);
        }
    }

    function _deviceOwner(NetworkId network, uint32 device) internal view returns (address) {
        return DEVICES.ownerOf(network.deviceId(device));
    }

    function _quote(RailTerms memory terms, uint64 leaves, uint64 price) private pure returns (uint128, uint128) {
        return (RailMath.cost(leaves, price, 1), RailMath.needed(terms, leaves, price));
    }

    function _coveredUntil(Book memory book, uint128 perPeriod) private pure returns (uint32) {
        if (perPeriod == 0) return type(uint32).max;
        // The first period whose proof is not in what is owed yet.
        uint256 next = book.set.proven == book.period + 1 ? book.period + 1 : book.period;
        uint256 periods = _free(book) / perPeriod;
        if (next + periods == 0) return 0;
        return uint32(Math.min(next + periods - 1, type(uint32).max - 1));
    }
}
