// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICommitReveal} from "./ICommitReveal.sol";
import {NetworkId} from "../types/NetworkId.sol";

/// @notice What an ingest signs after a durable append, EIP-712. Spec 3.
struct GroupCommit {
    NetworkId network;
    uint32 epoch;
    uint32 first;
    uint32 count;
    bytes32 batchRoot;
}

/// @notice Challenges 7 and 8: an ingest that breaks a receipt, or signs two truths, loses its bond.
interface IIngestChallenges is ICommitReveal {
    event IngestFaultProven(NetworkId indexed network, uint32 indexed epoch, address indexed ingest, uint8 kind, address challenger);

    error ReceiptPathInvalid();
    error ReceiptHonoured(uint32 slot, uint32 index);
    error CommitmentNotDue(uint32 epoch, uint256 dueAt);
    error StandingPathInvalid();
    error CommitsDoNotConflict();
    error SignersDiffer(address a, address b);
    error SignatureMalformed();
    error NothingAtStake(address signer);
    error AlreadyProven(uint32 epoch, address ingest);

    /// @notice Kind 7. `standingLeaf` (the leaf's hash, spec 5) and its path show what stands at `index` of the committed root; both ignored
    ///         where the ingest made no commitment, or index ≥ count. A commitment beyond the sealing window counts as none.
    /// @dev The leaf and not the record hash: an ingest could put the empty leaf, or a word that is no leaf at all, in the place of a report.
    function proveOmission(
        GroupCommit calldata group,
        bytes calldata signature,
        bytes32 recordHash,
        uint32 index,
        bytes32[] calldata batchPath,
        bytes32 standingLeaf,
        bytes32[] calldata standingPath,
        bytes32 salt
    ) external;

    /// @notice Kind 8.
    function proveEquivocation(
        GroupCommit calldata a,
        bytes calldata signatureA,
        GroupCommit calldata b,
        bytes calldata signatureB,
        bytes32 salt
    ) external;

    function groupCommitDigest(GroupCommit calldata group) external view returns (bytes32);
}
