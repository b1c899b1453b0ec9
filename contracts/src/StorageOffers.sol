// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {INetworks} from "./interfaces/INetworks.sol";
import {Deal, IStorageOffers, Offer, RailTerms, StandingOffer} from "./interfaces/IStorageOffers.sol";
import {NetworkId} from "./types/NetworkId.sol";

contract StorageOffers is IStorageOffers {
    uint256 private constant MOST_URL_BYTES = 256;
    uint256 private constant PROGRAMS = 4;
    uint256 private constant WHOLE_BPS = 10_000;

    INetworks private immutable NETWORKS;
    IERC721 private immutable DEVICES;

    mapping(uint256 deviceId => StandingOffer) private _offers;
    mapping(NetworkId => RailTerms[]) private _railTerms; // by version

    constructor(address networks, address devices) {
        NETWORKS = INetworks(networks);
        DEVICES = IERC721(devices);
    }

    /// @inheritdoc IStorageOffers
    function setOffer(NetworkId network, uint32 device, Offer calldata offer) external {
        address owner = _requireDeviceOwner(network, device);
        uint256 size = bytes(offer.url).length;
        if (size == 0 || size > MOST_URL_BYTES) revert OfferInvalid("url", size);
        if (!_isCapital(offer.country[0]) || !_isCapital(offer.country[1])) {
            revert OfferInvalid("country", uint16(offer.country));
        }
        StandingOffer storage standing = _offers[network.deviceId(device)];
        (standing.owner, standing.open, standing.offer) = (owner, true, offer);
        emit OfferSet(network, device, owner, offer);
    }

    /// @inheritdoc IStorageOffers
    function closeOffer(NetworkId network, uint32 device) external {
        address owner = _requireDeviceOwner(network, device);
        _offers[network.deviceId(device)].open = false;
        emit OfferClosed(network, device, owner);
    }

    /// @inheritdoc IStorageOffers
    function setRailTerms(NetworkId network, RailTerms calldata terms) external {
        address owner = NETWORKS.ownerOf(network);
        if (msg.sender != owner) revert NotOwner(network, msg.sender, owner);
        _check(terms);
        RailTerms[] storage all = _railTerms[network];
        all.push(terms);
        emit RailTermsSet(network, uint32(all.length - 1), terms);
    }

    /// @inheritdoc IStorageOffers
    function offerOf(NetworkId network, uint32 device) external view returns (StandingOffer memory) {
        return _offerOf(network, device);
    }

    /// @inheritdoc IStorageOffers
    function dealOf(NetworkId network, uint32 device) external view returns (Deal memory) {
        StandingOffer storage standing = _offerOf(network, device);
        if (!standing.open) revert NoOffer(network, device);
        Offer storage offer = standing.offer;
        return Deal(standing.owner, offer.storagePrice, offer.egressPrice, offer.proving);
    }

    /// @inheritdoc IStorageOffers
    function railTermsOf(NetworkId network) external view returns (uint32 version, RailTerms memory terms) {
        RailTerms[] storage all = _railTerms[network];
        if (all.length == 0) revert NoRailTerms(network);
        version = uint32(all.length - 1);
        terms = all[version];
    }

    /// @inheritdoc IStorageOffers
    function railTermsAt(NetworkId network, uint32 version) external view returns (RailTerms memory) {
        RailTerms[] storage all = _railTerms[network];
        if (version >= all.length) revert NoRailTerms(network);
        return all[version];
    }

    /// @inheritdoc IStorageOffers
    function actsFor(NetworkId network, uint32 device, address account) external view returns (bool) {
        address owner = _deviceOwner(network, device);
        if (account == owner) return true;
        StandingOffer storage standing = _offers[network.deviceId(device)];
        return standing.owner == owner && account != address(0) && standing.offer.delegate == account;
    }

    function _offerOf(NetworkId network, uint32 device) private view returns (StandingOffer storage standing) {
        standing = _offers[network.deviceId(device)];
        if (standing.owner == address(0) || standing.owner != _deviceOwner(network, device)) {
            revert NoOffer(network, device);
        }
    }

    function _deviceOwner(NetworkId network, uint32 device) private view returns (address) {
        return DEVICES.ownerOf(network.deviceId(device));
    }

    function _requireDeviceOwner(NetworkId network, uint32 device) private view returns (address owner) {
        owner = _deviceOwner(network, device);
        if (msg.sender != owner) revert NotDeviceOwner(network.deviceId(device), msg.sender, owner);
    }

    function _check(RailTerms calldata terms) private pure {
        if (terms.program >= PROGRAMS) revert RailTermsInvalid("program", terms.program);
        if (terms.lostAfter == 0) revert RailTermsInvalid("lostAfter", 0);
        if (terms.repairPeriods == 0) revert RailTermsInvalid("repairPeriods", 0);
        if (terms.noticePeriods < terms.lostAfter) {
            revert RailTermsInvalid("noticePeriods", terms.noticePeriods);
        }
        uint256 bps = WHOLE_BPS;
        uint256 until;
        for (uint256 i; i < 4; ++i) {
            if (terms.heldBps[i] > bps) revert RailTermsInvalid("heldBps", i);
            if (terms.heldUntil[i] < until) revert RailTermsInvalid("heldUntil", i);
            (bps, until) = (terms.heldBps[i], terms.heldUntil[i]);
        }
    }

    function _isCapital(bytes1 letter) private pure returns (bool) {
        return letter >= "A" && letter <= "Z";
    }
}
