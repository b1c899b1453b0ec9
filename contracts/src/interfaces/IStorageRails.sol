// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NetworkId} from "../types/NetworkId.sol";

enum RailState {
    Running,
    Repairing, // has taken on a lost rail's pieces, and not proven all of them yet
    Ended, // after its set's last period; the notice until then is paid
    Lost, // to be repaired, or to be given up by its payer
    Closed // repaired, given up, or a repair that failed
}

/// @notice A payer's standing order to a device. Ids that may be "none", and periods, are kept plus one where it says so.
struct Rail {
    NetworkId network;
    uint32 device;
    address payer;
    uint64 set; // of PossessionProofs
    uint32 terms; // version of the network's rail terms
    address signer; // signs for the payer: bundles, removals, and orders off chain
    uint64 storagePrice;
    uint32 copied; // pieces of the lost rail that were dealt with
    address operator; // the device's owner when it was opened
    uint64 egressPrice;
    uint32 repairUntil; // the last period in which the repair can be proven
    uint128 paid; // credits
    uint128 reward; // credits, for a repair
    uint64 successor; // plus one
    uint64 lost; // plus one: the rail it succeeds to
    uint32 coversFrom; // plus one: the first period whose challenges fall on all that was copied
    RailState state;
}

/// @notice How a rail stands now, in credits but for the periods.
struct RailAccount {
    uint128 credits; // what the rail has
    uint128 earned; // by proven periods, since it was opened
    uint128 held; // of that, held back
    uint128 due; // what `settle` pays
    uint128 needed; // what it has to have beside what is owed: notice at its size, and the reward of its repair
    uint128 perPeriod; // what a proof of its size earns, rounded up
    uint32 period; // now
    uint32 lastPeriod; // type(uint32).max for one without an end
    uint32 coveredUntil; // the last period that it can pay, held pay and all; type(uint32).max where it costs nothing
    uint16 provenPeriods;
    uint8 missedInRow;
    bool isLost; // may be called lost, or was
}

/// @notice Pays for storage by proven periods, and has what is lost made again. Spec 10, Rails. Credits of a rail are locked in Credits, where nothing but this contract's rules moves them:
///         to the device's owner by proofs, to who repaired, and back to the payer. Nobody administers anything here but a network's terms for later rails.
interface IStorageRails {
    event RailOpened(
        address indexed payer, address indexed signer, uint256 indexed deviceId, uint64 rail, uint64 set, uint64 storagePrice, uint64 egressPrice, uint32 terms
    );
    event RailFunded(uint64 indexed rail, uint128 credits);
    event SignerSet(uint64 indexed rail, address indexed signer);
    event BundleAdded(uint64 indexed rail, uint32 indexed piece, bytes32 root, uint64 leaves);
    event RailSettled(uint64 indexed rail, address indexed seller, uint128 credits, uint128 burned, uint128 paid);
    /// @dev Again for a sooner end.
    event RailEnded(uint64 indexed rail, uint32 lastPeriod, address by);
    event RailLost(uint64 indexed rail, uint32 lastPeriod);
    event RailSucceeded(uint64 indexed lost, uint64 indexed rail, uint32 repairUntil);
    /// @dev Pieces `from` to `until` − 1 of the lost rail, less those that were removed, are pieces of this one from `firstPiece` on, in order.
    event PiecesCopied(uint64 indexed rail, uint32 from, uint32 until, uint32 firstPiece);
    /// @dev `moved` credits of the lost rail are its successor's now, the reward among them.
    event RailRepaired(uint64 indexed lost, uint64 indexed rail, uint128 reward, uint128 moved);
    event RepairFailed(uint64 indexed lost, uint64 indexed rail);
    event RailWithdrawn(uint64 indexed rail, uint128 credits);

    error RailUnknown(uint64 rail);
    error RailStateWrong(uint64 rail, RailState state);
    error NotPayer(uint64 rail, address caller, address payer);
    /// @dev Neither of the payer nor of its signer.
    error NotSigned(uint64 rail, bytes32 digest);
    error NotParty(uint64 rail, address caller);
    error NotOperator(uint256 deviceId, address caller);
    error RailExists(address payer, uint256 deviceId, uint64 rail);
    error OperatorServes(address payer, address operator);
    error PriceAbove(string price, uint64 offered, uint64 most);
    error NotCovered(uint64 rail, uint256 needed, uint256 free);
    error NotLost(uint64 rail, uint8 missed, uint8 lostAfter);
    error NotOver(uint64 rail, uint32 lastPeriod, uint32 period);
    error UnderRepair(uint64 rail, uint64 successor);
    error RepairTried(uint64 rail, address operator);
    error RepairNotDue(uint64 rail, uint32 repairUntil, uint32 period);
    error RepairNotProven(uint64 rail, uint32 coversFrom, uint32 proven);
    error NothingToCopy(uint64 rail);

    /// @notice Opens a rail from the caller to a device, at its offer's prices, and puts `credits` of the caller's account into it. Its data set is empty.
    /// @param signer may sign for the caller; zero for the caller itself
    function open(NetworkId network, uint32 device, address signer, uint64 mostStoragePrice, uint64 mostEgressPrice, uint128 credits)
        external
        returns (uint64 rail);
    /// @notice Locks credits of the payer, who calls.
    function fund(uint64 rail, uint128 credits) external;
    /// @notice Another signer, by the payer; zero for itself.
    function setSigner(uint64 rail, address signer) external;
    /// @notice Adds the bundle that both agreed on, by the device's owner or delegate, with the signature of the payer or its signer. Its piece is the set's next. Refused where the credits do not
    ///         cover notice and repair at the new size.
    function addBundle(uint64 rail, bytes32 root, uint64 leaves, bytes calldata signature) external returns (uint32 piece);
    /// @notice Schedules pieces to be removed, by the payer or its signer.
    function removePieces(uint64 rail, uint32[] calldata pieces) external;
    /// @notice Pays the device's owner what is earned, not held back and not paid yet, as far as the credits last. Anyone.
    function settle(uint64 rail) external returns (uint128 credits);
    /// @notice Ends a rail after its notice, by the payer or the device's owner; by the owner at once where it is not covered. Again where that is sooner.
    function end(uint64 rail) external returns (uint32 lastPeriod);
    /// @notice Ends a rail that missed too many periods in a row, at once, and opens it for repair. Anyone.
    function lose(uint64 rail) external;
    /// @notice What an ended or closed rail has beyond what it owes goes back to its payer's account, when its last period is over. Anyone; a lost one that nobody repairs, its payer alone: it is given
    ///         up then, and what was held back is the payer's.
    function withdraw(uint64 rail) external returns (uint128 credits);

    /// @notice Takes on the repair of a lost rail with a device: opens a rail from its payer, without credits yet, at the device's prices, which are the lost one's at most. By the device's owner or
    ///         delegate; its owner serves no running rail of the payer, did not lose this one, and did not fail to repair it before.
    function succeed(uint64 lost, uint32 device) external returns (uint64 rail);
    /// @notice Adds the next `most` pieces of the lost rail, at most 128, to its successor. Anyone.
    function copyPieces(uint64 rail, uint32 most) external returns (uint32 copied);
    /// @notice Gives the successor that has proven all of them its reward and the lost rail's credits. Anyone, when the lost rail's last period is over.
    function completeRepair(uint64 rail) external;
    /// @notice Ends a repair that is not proven in time, or whose operator gives it up; another may take it on.
    function failRepair(uint64 rail) external;

    function railCount() external view returns (uint64);
    function railAt(uint64 rail) external view returns (Rail memory);
    function accountOf(uint64 rail) external view returns (RailAccount memory);
    /// @notice The running or repairing rail from the payer to the device, plus one; 0 for none.
    function railOf(NetworkId network, address payer, uint32 device) external view returns (uint64 railPlusOne);
    /// @notice How many running or repairing rails of the payer lead to devices of the operator.
    function servedBy(NetworkId network, address payer, address operator) external view returns (uint32);
    /// @notice What a rail of so many leaves costs each period, and what it has to have beside what it owes, in credits.
    function quote(uint64 rail, uint64 leaves) external view returns (uint128 perPeriod, uint128 needed);
    /// @notice The same before there is a rail, by the device's offer and the newest terms.
    function quoteOffer(NetworkId network, uint32 device, uint64 leaves) external view returns (uint128 perPeriod, uint128 needed);
    function bundleDigest(uint64 rail, uint32 piece, bytes32 root, uint64 leaves) external view returns (bytes32);
}
