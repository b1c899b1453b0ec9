// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NetworkId} from "../types/NetworkId.sol";
import {ProvingClock} from "../types/ProvingClock.sol";

/// @notice What the creator of a data set chooses, for good. Who pays for it judges whether that is enough.
struct ProvingTerms {
    uint16 periodEpochs; // windowEpochs + 2 or more
    uint16 windowEpochs; // 1 or more; half of it has to be longer than the chain may hold a transaction back
    uint8 challenges; // leaves asked for in each period, 1 to 64
}

struct Piece {
    bytes32 root; // the piece commitment (CommP), which is not zero
    uint64 leaves; // 32-byte leaves that are challenged, 1 to 2⁴⁵; what pads them to a power of two is not
}

/// @notice Periods that may be "none" are kept plus one.
struct DataSet {
    NetworkId network;
    uint32 device;
    ProvingClock clock;
    uint64 leaves; // of all pieces that were not removed
    uint32 pieces; // ever added; the id of the next one
    uint64 frozenLeaves; // what stood when the period `frozenFor` froze, if something was added since
    uint32 frozenFor; // plus one
    uint32 accounted; // every period before this one is in `faults`
    uint32 proven; // the last proven period, plus one
    uint32 faults; // periods missed, of those accounted
    uint32 endsAfter; // plus one: the last period of a terminated set
    uint32 removed; // of the scheduled removals, those dealt with
    uint32 scheduled;
    uint8 challenges;
    bool railed; // the rails contract is in charge of it, for who pays and who is paid; else the device's owner
    uint8 missedInRow; // periods missed since the last proven one, of those accounted; 255 for more
    uint16 provenPeriods; // 65 535 for more
    uint88 leafPeriods; // leaves challenged in all proven periods: what pay is for
}

/// @notice `missed` periods were missed, the first of them in `first`, the last in `last`.
struct FaultSpan {
    uint32 first;
    uint32 last;
    uint32 missed;
}

/// @notice A leaf that is asked for: its piece, and its index among the piece's leaves.
struct LeafChallenge {
    uint32 piece;
    uint64 leaf;
}

struct LeafProof {
    bytes32 leaf;
    bytes32[] path; // siblings from the leaf up; ⌈log2 leaves⌉ of them
}

/// @notice Proofs that devices still hold the pieces they say they hold. Spec 10.
/// @dev What a state needs to be proven or left is bounded whatever the size of the set: a proof reads O(challenges · log pieces) and never waits for removals, accounting skips any number of
///      periods in O(log), and termination takes one write. Nobody administers anything here, and no funds are held.
interface IPossessionProofs {
    event DataSetCreated(
        uint64 indexed set, NetworkId indexed network, uint32 indexed device, ProvingTerms terms, uint32 firstPeriod
    );
    event PiecesAdded(uint64 indexed set, uint32 firstPiece, Piece[] pieces);
    /// @dev The pieces may be removed by anybody from the begin of the period after `period`.
    event RemovalsScheduled(uint64 indexed set, uint32 period, uint32[] pieces);
    event PieceRemoved(uint64 indexed set, uint32 indexed piece);
    /// @dev `set` is proven for the period.
    event PeriodProven(uint64 indexed set, uint32 indexed period, address prover);
    /// @dev The beacon was known by the middle of the window: sets of these terms that do not prove are at fault.
    event ChallengeCaptured(
        NetworkId indexed network, uint16 periodEpochs, uint16 windowEpochs, uint32 period, bytes32 beacon
    );
    /// @dev Of the periods first to last, which ended without a proof, so many had leaves and a beacon on time.
    event FaultsRecorded(uint64 indexed set, uint32 first, uint32 last, uint32 missed, uint32 faults);
    event DataSetTerminated(uint64 indexed set, uint32 lastPeriod);

    error TermsInvalid(string field, uint256 given, uint256 least, uint256 most);
    error SetUnknown(uint64 set);
    error SetEnded(uint64 set, uint32 lastPeriod);
    error NotDeviceOwner(uint256 deviceId, address caller, address owner);
    /// @dev Its payer and its operator change it through the rails contract.
    error SetOfARail(uint64 set, address caller);
    error BatchInvalid(uint256 given, uint256 most);
    error PieceInvalid(uint256 place, bytes32 root, uint64 leaves);
    error DataSetFull(uint64 set, uint256 pieces, uint256 leaves);
    error PieceUnknown(uint64 set, uint32 piece);
    /// @dev Pieces go while the period is open, from its begin until it freezes.
    error PeriodFrozen(uint32 period, uint256 frozenFrom, uint256 nowAt);
    error WindowNotOpen(uint32 period, uint256 opensAt, uint256 nowAt);
    error BeaconTooLate(uint32 period, uint256 onTimeUntil, uint256 nowAt);
    error NothingToProve(uint64 set, uint32 period);
    error AlreadyProven(uint64 set, uint32 period);
    error ProofCountWrong(uint256 given, uint256 expected);
    error LeafProofInvalid(uint256 challenge, uint32 piece, uint64 leaf);

    /// @notice A set of the device, by its owner, who stays in charge of it; or by the rails contract, which asks the device's owner and stays in charge. It is empty, and owes nothing while it is.
    function createSet(NetworkId network, uint32 device, ProvingTerms calldata terms) external returns (uint64 set);
    /// @notice Adds up to 256 pieces behind the others, by who is in charge. They are challenged from the first period that freezes afterwards.
    function addPieces(uint64 set, Piece[] calldata pieces) external returns (uint32 firstPiece);
    /// @notice Schedules up to 256 pieces to be removed, by who is in charge. They stay under challenge until `removePieces` is called in a later period; a piece named twice is removed once.
    function scheduleRemovals(uint64 set, uint32[] calldata pieces) external;
    /// @notice Removes what was scheduled in earlier periods, in that order, `most` of it and never more than 128. Anyone, while a period is open. What is not removed in one period can be in the
    ///         next, and hinders no proof.
    function removePieces(uint64 set, uint32 most) external returns (uint32 removed);
    /// @notice No period after `last` owes a proof; this one still does, so the last one is this one or a later. By who is in charge, at any time, and again for a sooner end.
    /// @return last `lastPeriod`, or the current period where that is later
    function terminate(uint64 set, uint32 lastPeriod) external returns (uint32 last);
    /// @notice Takes the beacon of the period that is in its window, until the middle of the window, for all sets of the network with these terms. Anyone, and again without effect. Without this, or a
    ///         proof of any of the sets by then, the period is the network's fault: whoever still proves counts, and nobody is at fault.
    function capture(NetworkId network, uint16 periodEpochs, uint16 windowEpochs) external;
    /// @notice Proves the period that is in its window: one proof for each challenge, in order. Anyone; captures the beacon if nobody has.
    function prove(uint64 set, LeafProof[] calldata proofs) external;
    /// @notice Writes down the faults of all periods that are over. Anyone.
    function recordFaults(uint64 set) external returns (uint32 faults);

    function setCount() external view returns (uint64);
    function setOf(uint64 set) external view returns (DataSet memory);
    /// @notice A piece that was not removed.
    function pieceOf(uint64 set, uint32 piece) external view returns (Piece memory);
    /// @notice Pieces from `first` on, `most` of them and never more than 1 024; zeros for one that was removed.
    function piecesOf(uint64 set, uint32 first, uint32 most) external view returns (Piece[] memory pieces);
    /// @notice The challenges of the period in its window; none while the beacon is not captured, or of a set that owes nothing.
    function challengesOf(uint64 set) external view returns (uint32 period, LeafChallenge[] memory challenges);
    /// @notice Periods missed until now, recorded or not.
    function faultsOf(uint64 set) external view returns (uint32);
    /// @notice Periods missed since the last proven one, recorded or not; 255 for more.
    function missedInRow(uint64 set) external view returns (uint8);
    /// @notice The recorded faults in order, from place `first` on, `most` spans and never more than 1 024.
    function faultSpansOf(uint64 set, uint32 first, uint32 most) external view returns (FaultSpan[] memory spans);
    /// @notice The longest period, in epochs, of all sets that the device ever had; 0 for none. Until so long after an epoch, faults of it may still come.
    function longestPeriodOf(NetworkId network, uint32 device) external view returns (uint16);
    function isProven(uint64 set, uint32 period) external view returns (bool);
    /// @notice Whether sets of the network with these terms could be at fault in the period.
    function isCaptured(NetworkId network, uint16 periodEpochs, uint16 windowEpochs, uint32 period) external view returns (bool);
}
