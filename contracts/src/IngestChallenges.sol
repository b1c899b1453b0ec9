// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {CommitReveal} from "./CommitReveal.sol";
import {IEvidence, Slot} from "./interfaces/IEvidence.sol";
import {GroupCommit, IIngestChallenges} from "./interfaces/IIngestChallenges.sol";
import {INetworks} from "./interfaces/INetworks.sol";
import {IStake, Role} from "./interfaces/IStake.sol";
import {MerkleTree} from "./libraries/MerkleTree.sol";
import {NetworkId} from "./types/NetworkId.sol";

/// @notice Challenges 7 and 8: an ingest against its own signatures. Specs 3 and 6.
contract IngestChallenges is IIngestChallenges, CommitReveal, EIP712 {
    bytes32 private constant GROUP_COMMIT =
        keccak256("GroupCommit(bytes28 network,uint32 epoch,uint32 first,uint32 count,bytes32 batchRoot)");

    INetworks private immutable NETWORKS;
    IStake private immutable STAKE;
    IEvidence private immutable EVIDENCE;

    mapping(NetworkId => mapping(uint32 epoch => mapping(address ingest => bool))) private _proven;

    constructor(address networks, address stake, address evidence) EIP712("Cairn", "1") {
        NETWORKS = INetworks(networks);
        STAKE = IStake(stake);
        EVIDENCE = IEvidence(evidence);
    }

    /// @inheritdoc IIngestChallenges
    function proveOmission(
        GroupCommit calldata group,
        bytes calldata signature,
        bytes32 recordHash,
        uint32 index,
        bytes32[] calldata batchPath,
        bytes32 standingLeaf,
        bytes32[] calldata standingPath,
        bytes32 // salt
    ) external {
        _reveal();
        address ingest = _signerOf(group, signature);
        bytes32 leaf = _receiptLeaf(group, recordHash, index, batchPath);
        _checkOmitted(group, ingest, leaf, index, standingLeaf, standingPath);
        _slash(group, ingest, 7);
    }

    /// @inheritdoc IIngestChallenges
    function proveEquivocation(
        GroupCommit calldata a,
        bytes calldata signatureA,
        GroupCommit calldata b,
        bytes calldata signatureB,
        bytes32 // salt
    ) external {
        _reveal();
        bool overlap = a.first < uint256(b.first) + b.count && b.first < uint256(a.first) + a.count
            && a.count != 0 && b.count != 0;
        bool differ = a.first != b.first || a.count != b.count || a.batchRoot != b.batchRoot;
        if (a.network != b.network || a.epoch != b.epoch || !overlap || !differ) {
            revert CommitsDoNotConflict();
        }
        address ingest = _signerOf(a, signatureA);
        address other = _signerOf(b, signatureB);
        if (ingest != other) revert SignersDiffer(ingest, other);
        _slash(a, ingest, 8);
    }

    /// @inheritdoc IIngestChallenges
    function groupCommitDigest(GroupCommit calldata group) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    GROUP_COMMIT, group.network, group.epoch, group.first, group.count, group.batchRoot
                )
            )
        );
    }

    /// @dev The evidence leaf of a record that the group commit holds at `index` of the log.
    function _receiptLeaf(
        GroupCommit calldata group,
        bytes32 recordHash,
        uint32 index,
        bytes32[] calldata batchPath
    ) private pure returns (bytes32 leaf) {
        leaf = MerkleTree.leaf(MerkleTree.EVIDENCE, abi.encodePacked(recordHash));
        if (index < group.first) revert ReceiptPathInvalid();
        uint256 place = index - group.first;
        if (!MerkleTree.verify(MerkleTree.EVIDENCE, group.batchRoot, group.count, leaf, place, batchPath)) {
            revert ReceiptPathInvalid();
        }
    }

    /// @dev A commitment is owed until attestEnd(epoch), when no late one can be made any more. A deferred commitment has the same root in its later slots, and a dropped one was promised too: the first slot speaks for all.
    function _checkOmitted(
        GroupCommit calldata group,
        address ingest,
        bytes32 leaf,
        uint32 index,
        bytes32 standingLeaf,
        bytes32[] calldata standingPath
    ) private view {
        uint32 slotPlusOne = EVIDENCE.commitmentOf(group.network, group.epoch, ingest);
        if (slotPlusOne == 0) {
            uint256 dueAt = NETWORKS.timelineOf(group.network).attestEnd(group.epoch);
            if (block.timestamp < dueAt) revert CommitmentNotDue(group.epoch, dueAt);
            return;
        }
        Slot memory slot = EVIDENCE.slotOf(group.network, slotPlusOne - 1);
        if (index >= slot.count) return;
        if (!MerkleTree.verify(MerkleTree.EVIDENCE, slot.root, slot.count, standingLeaf, index, standingPath))
        {
            revert StandingPathInvalid();
        }
        if (standingLeaf == leaf) revert ReceiptHonoured(slotPlusOne - 1, index);
    }

    function _signerOf(GroupCommit calldata group, bytes calldata signature)
        private
        view
        returns (address signer)
    {
        ECDSA.RecoverError fault;
        (signer, fault,) = ECDSA.tryRecover(groupCommitDigest(group), signature);
        if (signature.length != 65 || fault != ECDSA.RecoverError.NoError) revert SignatureMalformed();
    }

    function _slash(GroupCommit calldata group, address ingest, uint8 kind) private {
        if (_proven[group.network][group.epoch][ingest]) revert AlreadyProven(group.epoch, ingest);
        if (STAKE.slashableOf(group.network, Role.Ingest, ingest) == 0) revert NothingAtStake(ingest);
        _proven[group.network][group.epoch][ingest] = true;
        emit IngestFaultProven(group.network, group.epoch, ingest, kind, msg.sender);
        STAKE.slashAll(group.network, Role.Ingest, ingest, msg.sender);
    }
}
