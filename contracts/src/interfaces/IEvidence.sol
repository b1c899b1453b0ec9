// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NetworkId} from "../types/NetworkId.sol";

/// @notice One commitment at one place of the network's evidence list. Spec 3.
struct Slot {
    address ingest;
    uint32 epoch; // the epoch the reports count in
    uint32 sealedIn; // the epoch whose sealing (or availability, for a deferred one) gave it this slot; later than `epoch` for a late one
    uint8 deferrals;
    bool skipped; // deferred to a later slot, or dropped
    uint32 count;
    uint64 sizeBytes;
    bytes32 root;
}

interface IEvidence {
    event EvidenceCommitted(
        NetworkId indexed network, uint32 indexed epoch, address indexed ingest, uint32 slot, uint32 sealedIn, bytes32 root, uint32 count, uint64 sizeBytes
    );
    event BeaconCaptured(NetworkId indexed network, uint32 indexed epoch, bytes32 beacon);
    event MarkedUnavailable(NetworkId indexed network, uint32 indexed slot, address indexed verifier, uint128 weight);
    /// @dev `newSlot` is type(uint32).max when the commitment was dropped.
    event EvidenceDeferred(NetworkId indexed network, uint32 indexed slot, uint32 newSlot, uint8 deferrals);

    error NotSealing(uint32 epoch, uint256 opensAt, uint256 closesAt, uint256 nowAt);
    error NotAvailabilityPhase(uint32 slot, uint256 closesAt, uint256 nowAt);
    error AlreadyCommitted(uint32 epoch, address ingest);
    error OverCap(uint64 count, uint64 sizeBytes, uint64 countCap, uint64 sizeCap);
    error EmptyCommitment();
    error NoWeight(address verifier);
    error AlreadyVoted(uint32 slot, address verifier);
    error SlotUnknown(uint32 slot);
    error NothingToRelease(uint32 slot);
    error ReleaseTooEarly(uint32 slot, uint256 releasableAt, uint256 nowAt);
    error EpochNotStarted(uint32 epoch, uint256 startsAt);
    /// @dev The network's beacon does not know the word of `startsAt` yet: submit its round there first.
    error BeaconNotKnown(uint32 epoch, uint256 startsAt);

    /// @notice Once per (ingest, epoch), in [end(e), attestEnd(e)), by an ingest with stake in the snapshot of e and some of it left. Captures the beacon if nobody has and its word is known.
    /// @dev From sealEnd(e) on it is late: it counts in a later root, and a tenth of the least bond is burned.
    function commit(NetworkId network, uint32 epoch, bytes32 root, uint32 count, uint64 sizeBytes) external returns (uint32 slot);
    /// @notice Fixes the beacon of an epoch that has begun; anybody, and again without effect. keccak256(abi.encode(network, epoch, word)) with the word of the network's beacon at
    ///         start(epoch), or prevrandao of the first capture in a network without one.
    function captureBeacon(NetworkId network, uint32 epoch) external returns (bytes32);
    /// @notice In [sealEnd, availabilityEnd) of the slot's `sealedIn`. At 2/3 of the verifiers' weight the slot is skipped.
    function markUnavailable(NetworkId network, uint32 slot) external;
    /// @notice Ends the ingest's liability for a commitment, challengeSeconds after its sealing and not before its availability phase is over. For the slot that is not skipped. Anyone.
    function release(NetworkId network, uint32 slot) external;

    function slotCount(NetworkId network) external view returns (uint32);
    function slotOf(NetworkId network, uint32 slot) external view returns (Slot memory);
    /// @notice 1 + the slot of the ingest's commitment for the epoch; 0 when it made none.
    function commitmentOf(NetworkId network, uint32 epoch, address ingest) external view returns (uint32 slotPlusOne);
    function beaconOf(NetworkId network, uint32 epoch) external view returns (bytes32);
    /// @notice Whether `end` is where the evidence for a root whose last epoch is `last` ends (before the first slot sealed later, or 256 slots on), and `set` its bitmap from `start` on. O(1).
    function isEvidenceSet(NetworkId network, uint32 start, uint32 end, uint32 last, uint256 set) external view returns (bool);
}
