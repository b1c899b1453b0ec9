// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NetworkId} from "../types/NetworkId.sol";
import {ProvingTerms} from "./IPossessionProofs.sol";

/// @notice What an operator offers with a device. Prices are credits for 2⁴⁰ bytes.
struct Offer {
    address delegate; // the agent's key, which may add agreed bundles and take on repairs; zero for none
    uint64 storagePrice; // for each proving period
    bytes2 country; // ISO 3166-1, two capital letters
    uint64 egressPrice;
    uint64 capacityBytes;
    ProvingTerms proving;
    string url; // of the operator's HTTP interface, 1 to 256 bytes
}

struct StandingOffer {
    address owner; // who made it; once the device is another's, it is nobody's offer
    bool open; // a closed one makes no rails; its delegate goes on
    Offer offer;
}

/// @notice What a rail takes from an offer.
struct Deal {
    address owner; // of the device, who made the offer
    uint64 storagePrice;
    uint64 egressPrice;
    ProvingTerms proving;
}

/// @notice A network's terms for its rails. Those in force when a rail is opened stay its terms.
struct RailTerms {
    uint8 program; // of Credits, which rails are spent on
    uint8 lostAfter; // periods missed in a row, 1 or more
    uint8 repairPeriods; // after the one in which a repair is taken on, so many are left to prove everything, 1 or more
    uint16 noticePeriods; // `lostAfter` or more, so that nobody ends a rail to be gone before it is lost
    uint64 repairPrice; // credits for 2⁴⁰ bytes
    uint16[4] heldUntil; // proven periods, never falling: before so many, of all that was earned is held back
    uint16[4] heldBps; // so much, never rising, at most 10 000; after the last step nothing is
}

/// @notice Offers of devices to store, and the terms by which networks have them paid. Spec 10, Rails.
interface IStorageOffers {
    event OfferSet(NetworkId indexed network, uint32 indexed device, address indexed owner, Offer offer);
    event OfferClosed(NetworkId indexed network, uint32 indexed device, address indexed owner);
    event RailTermsSet(NetworkId indexed network, uint32 version, RailTerms terms);

    error NotOwner(NetworkId network, address caller, address owner);
    error NotDeviceOwner(uint256 deviceId, address caller, address owner);
    error OfferInvalid(string field, uint256 value);
    error NoOffer(NetworkId network, uint32 device);
    error RailTermsInvalid(string field, uint256 value);
    error NoRailTerms(NetworkId network);

    /// @notice Makes an offer in the place of the one before, by the device's owner. Rails that are open keep their prices.
    /// @dev The proving terms are judged where a data set is made by them.
    function setOffer(NetworkId network, uint32 device, Offer calldata offer) external;
    /// @notice No rail is opened from now on. By the device's owner.
    function closeOffer(NetworkId network, uint32 device) external;
    /// @notice By the network's owner, for rails that are opened from now on.
    function setRailTerms(NetworkId network, RailTerms calldata terms) external;

    /// @notice The device's offer, open or not; NoOffer where there is none, or where it was made by an owner before.
    function offerOf(NetworkId network, uint32 device) external view returns (StandingOffer memory);
    /// @notice The open offer of the device's owner; NoOffer where there is none.
    function dealOf(NetworkId network, uint32 device) external view returns (Deal memory);
    /// @notice The newest terms and their version.
    function railTermsOf(NetworkId network) external view returns (uint32 version, RailTerms memory terms);
    function railTermsAt(NetworkId network, uint32 version) external view returns (RailTerms memory);
    /// @notice Whether the account is the device's owner, or the delegate of its offer.
    function actsFor(NetworkId network, uint32 device, address account) external view returns (bool);
}
