// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DisputeGame} from "./DisputeGame.sol";
import {WorkProof, VerdictProof} from "./interfaces/IChallenges.sol";
import {IDevices, Signature} from "./interfaces/IDevices.sol";
import {Backing, Dispute, DisputeState, IDisputes, NodePlace, TreeKind} from "./interfaces/IDisputes.sol";
import {IEvidence, Slot} from "./interfaces/IEvidence.sol";
import {DisputeTrees} from "./libraries/DisputeTrees.sol";
import {MerkleTree} from "./libraries/MerkleTree.sol";
import {P256} from "./libraries/P256.sol";
import {ReportHeader} from "./libraries/ReportHeader.sol";
import {WorkProofs} from "./libraries/WorkProofs.sol";
import {WorkTree} from "./libraries/WorkTree.sol";
import {NetworkId} from "./types/NetworkId.sol";
import {Root, VerdictEntry, WorkNode, rootIdCalldata as idOf} from "./types/Root.sol";

/// @notice Challenges 2 (hidden) and 4 (unbacked): what is claimed and what answers it. The game itself is DisputeGame. Spec 6.
contract Disputes is DisputeGame {
    using ReportHeader for bytes;

    /// @dev What an answer showed of a device may be followed up until then, though the root's `openUntil` is over.
    struct FollowUp {
        uint64 verdictsUntil; // kind 2 on its verdict tree
        uint64 backingUntil; // kind 4 on its entries
    }

    IDevices private immutable DEVICES;
    IEvidence private immutable EVIDENCE;

    /// @dev By _placeKey.
    mapping(bytes32 place => bool) private _shown;
    mapping(bytes32 subject => bool) private _backed;
    mapping(bytes32 rootId => mapping(uint32 device => FollowUp)) private _followUps;

    constructor(address networks, address devices, address evidence, address settlement)
        DisputeGame(networks, settlement)
    {
        DEVICES = IDevices(devices);
        EVIDENCE = IEvidence(evidence);
    }

    /// @inheritdoc IDisputes
    function openHidden(NetworkId network, Root calldata root, TreeKind tree, bytes32)
        external
        returns (uint256)
    {
        (Dispute memory claim, bytes memory top) = _claimTree(network, root, tree);
        claim.height = uint8(MerkleTree.depth(claim.count));
        return _openHidden(claim, top);
    }

    /// @inheritdoc IDisputes
    function openHiddenAt(
        NetworkId network,
        Root calldata root,
        TreeKind tree,
        NodePlace calldata place,
        bytes32 // salt
    ) external returns (uint256) {
        (Dispute memory claim, bytes memory top) = _claimTree(network, root, tree);
        return _openPlace(claim, top, place);
    }

    /// @inheritdoc IDisputes
    function openHiddenVerdict(NetworkId network, Root calldata root, WorkProof calldata work, bytes32)
        external
        returns (uint256)
    {
        (Dispute memory claim, bytes memory top) = _claimVerdicts(network, root, work);
        claim.height = uint8(MerkleTree.depth(claim.count));
        return _openHidden(claim, top);
    }

    /// @inheritdoc IDisputes
    function openHiddenVerdictAt(
        NetworkId network,
        Root calldata root,
        WorkProof calldata work,
        NodePlace calldata place,
        bytes32 // salt
    ) external returns (uint256) {
        (Dispute memory claim, bytes memory top) = _claimVerdicts(network, root, work);
        return _openPlace(claim, top, place);
    }

    /// @inheritdoc IDisputes
    function showChildren(uint256 id, bytes calldata left, bytes calldata right) external {
        Dispute storage dispute = _awaiting(id, DisputeState.AwaitingAnswer);
        TreeKind tree = dispute.tree;
        uint256 width = DisputeTrees.width(tree);
        if (dispute.kind != 2 || dispute.height == 0) revert AnswerInvalid("height");
        if (left.length != width || right.length != width) revert AnswerInvalid("width");
        if (DisputeTrees.parent(tree, left, right) != dispute.node) revert AnswerInvalid("node");
        _markShown(dispute);
        dispute.shown = keccak256(abi.encodePacked(left, right));
        uint64 dueAt = _answered(dispute);
        emit ChildrenShown(id, dispute.height, dispute.position, left, right, dueAt);
    }

    /// @inheritdoc IDisputes
    function showLeaf(uint256 id, bytes calldata leaf) external {
        Dispute storage dispute = _awaiting(id, DisputeState.AwaitingAnswer);
        if (dispute.kind != 2 || dispute.height != 0) revert AnswerInvalid("height");
        (bytes32 hash, bytes32 sums) =
            DisputeTrees.leafNode(dispute.tree, leaf, dispute.position, dispute.count);
        if (hash != dispute.node || sums != dispute.sums) revert AnswerInvalid("leaf");
        _markShown(dispute);
        _allowFollowUp(dispute);
        emit LeafShown(id, dispute.position, leaf);
        dispute.answerer = msg.sender;
        _end(id, dispute, false);
    }

    /// @inheritdoc IDisputes
    function pick(uint256 id, bool right, bytes calldata leftNode, bytes calldata rightNode) external {
        Dispute storage dispute = _awaiting(id, DisputeState.AwaitingChallenger);
        if (msg.sender != dispute.challenger) revert NotYourMove(id, msg.sender);
        if (
            leftNode.length != rightNode.length
                || keccak256(abi.encodePacked(leftNode, rightNode)) != dispute.shown
        ) revert ClaimInvalid("shown");
        (dispute.node, dispute.sums) = DisputeTrees.split(right ? rightNode : leftNode);
        dispute.height -= 1;
        dispute.position = dispute.position * 2 + (right ? 1 : 0);
        dispute.state = DisputeState.AwaitingAnswer;
        uint64 dueAt = _restartClock(dispute);
        emit ChildPicked(id, dispute.height, dispute.position, dueAt);
    }

    /// @inheritdoc IDisputes
    function openUnbacked(
        NetworkId network,
        Root calldata root,
        WorkProof calldata work,
        VerdictProof calldata verdict,
        bytes32 // salt
    ) external returns (uint256 id) {
        Dispute memory claim = _claimUnder(network, root, work, 4);
        if (!WorkProofs.isEntry(work.leaf, verdict)) revert ClaimInvalid("verdict");
        uint96[4] calldata w = verdict.entry.work;
        if (w[0] | w[1] | w[2] | w[3] == 0) revert ClaimInvalid("entry without work");
        claim.subject = keccak256(abi.encode(claim.rootId, claim.device, verdict.entry));
        if (_backed[claim.subject]) revert AlreadyBacked(claim.subject);
        id = _open(claim);
        emit UnbackedClaimed(id, claim.device, verdict.entry);
    }

    /// @inheritdoc IDisputes
    function showBacking(
        uint256 id,
        Root calldata root,
        Root calldata parent,
        VerdictEntry calldata entry,
        Backing calldata backing
    ) external {
        Dispute storage dispute = _awaiting(id, DisputeState.AwaitingAnswer);
        NetworkId network = dispute.network;
        if (dispute.kind != 4 || idOf(network, root) != dispute.rootId) revert AnswerInvalid("root");
        bytes32 subject = dispute.subject;
        if (keccak256(abi.encode(dispute.rootId, dispute.device, entry)) != subject) {
            revert AnswerInvalid("entry");
        }
        if (root.parent != 0 && idOf(network, parent) != root.parent) revert AnswerInvalid("parent");
        if (!_isIncluded(root, root.parent == 0 ? 0 : parent.evidenceEnd, entry.slot)) {
            revert AnswerInvalid("slot");
        }
        _checkReport(network, dispute.device, entry, backing);
        _checkObservation(entry, backing);
        _backed[subject] = true;
        dispute.answerer = msg.sender;
        _end(id, dispute, false);
    }

    /// @inheritdoc IDisputes
    function isShown(bytes32 rootId, TreeKind tree, uint32 device, uint8 height, uint32 position)
        public
        view
        returns (bool)
    {
        return _shown[_placeKey(rootId, tree, device, height, position)];
    }

    function _claim(NetworkId network, Root calldata root, uint8 kind)
        private
        returns (Dispute memory claim)
    {
        claim.openedAt = _reveal();
        claim.kind = kind;
        claim.network = network;
        claim.rootId = idOf(network, root);
        claim.challenger = msg.sender;
    }

    function _claimTree(NetworkId network, Root calldata root, TreeKind tree)
        private
        returns (Dispute memory claim, bytes memory top)
    {
        if (tree == TreeKind.Verdict) revert ClaimInvalid("tree");
        claim = _claim(network, root, 2);
        claim.tree = tree;
        (top, claim.count) = DisputeTrees.topOf(root, tree);
    }

    function _claimVerdicts(NetworkId network, Root calldata root, WorkProof calldata work)
        private
        returns (Dispute memory claim, bytes memory top)
    {
        claim = _claimUnder(network, root, work, 2);
        claim.tree = TreeKind.Verdict;
        claim.count = work.leaf.verdictCount;
        top = WorkTree.pack(WorkNode(work.leaf.verdictHash, WorkTree.sumsOf(work.leaf.work)));
    }

    function _claimUnder(NetworkId network, Root calldata root, WorkProof calldata work, uint8 kind)
        private
        returns (Dispute memory claim)
    {
        claim = _claim(network, root, kind);
        if (!WorkProofs.isLeaf(root, work)) revert ClaimInvalid("work");
        claim.device = work.leaf.index;
    }

    function _openPlace(Dispute memory claim, bytes memory top, NodePlace calldata place)
        private
        returns (uint256)
    {
        if (!DisputeTrees.isUnder(claim.tree, top, claim.count, place)) revert ClaimInvalid("place");
        claim.height = place.height;
        claim.position = place.position;
        return _openHidden(claim, place.node);
    }

    function _openHidden(Dispute memory claim, bytes memory node) private returns (uint256 id) {
        (claim.node, claim.sums) = DisputeTrees.split(node);
        if (isShown(claim.rootId, claim.tree, claim.device, claim.height, claim.position)) {
            revert AlreadyShown(claim.device, claim.height, claim.position);
        }
        id = _open(claim);
        emit HiddenClaimed(id, claim.device, claim.height, claim.position);
    }

    /// @dev A shown work leaf opens its verdict tree and the backing of every entry in it, for some may have been shown long before anybody could tell whose they are; a shown
    ///      entry opens the backing again. No follow-up shows a work leaf and none of a backing shows anything, so that the follow-ups of a dispute end.
    function _allowFollowUp(Dispute storage dispute) private {
        TreeKind tree = dispute.tree;
        bool isWork = tree == TreeKind.Work;
        if (!isWork && tree != TreeKind.Verdict) return;
        uint64 until = uint64(block.timestamp) + NETWORKS.timelineOf(dispute.network).responseSeconds;
        FollowUp storage followUp = _followUps[dispute.rootId][isWork ? dispute.position : dispute.device];
        followUp.backingUntil = until;
        if (isWork) followUp.verdictsUntil = until;
    }

    /// @inheritdoc DisputeGame
    function _followableUntil(Dispute memory claim) internal view override returns (uint64) {
        FollowUp storage followUp = _followUps[claim.rootId][claim.device];
        if (claim.kind == 4) return followUp.backingUntil;
        return claim.tree == TreeKind.Verdict ? followUp.verdictsUntil : 0;
    }

    function _isIncluded(Root calldata root, uint32 start, uint32 slot) private pure returns (bool) {
        return slot >= start && slot < root.evidenceEnd && root.evidenceSet >> (slot - start) & 1 == 1;
    }

    /// @dev The header stands at (slot, index) of the evidence, is the device's, of this network and of the evidence's epoch, and signed under the key of that epoch.
    function _checkReport(
        NetworkId network,
        uint32 device,
        VerdictEntry calldata entry,
        Backing calldata backing
    ) private view {
        bytes calldata header = backing.header;
        Slot memory slot = EVIDENCE.slotOf(network, entry.slot);
        if (
            !header.isHeader() || header.network() != network || header.device() != device
                || header.epoch() != slot.epoch
        ) revert AnswerInvalid("header");
        Signature calldata signature = backing.signature;
        bytes32 hash = header.hash();
        bytes32 recordHash = ReportHeader.recordHash(hash, signature.r, signature.s);
        bytes32 leaf = MerkleTree.leaf(MerkleTree.EVIDENCE, abi.encodePacked(recordHash));
        if (!MerkleTree.verify(
                MerkleTree.EVIDENCE, slot.root, slot.count, leaf, entry.index, backing.evidencePath
            )) {
            revert AnswerInvalid("evidencePath");
        }
        if (!DEVICES.isKeyAt(network, device, slot.epoch, backing.key)) revert AnswerInvalid("key");
        if (!P256.verify(hash, signature.r, signature.s, backing.key.x, backing.key.y)) {
            revert AnswerInvalid("signature");
        }
    }

    function _checkObservation(VerdictEntry calldata entry, Backing calldata backing) private pure {
        if (backing.observation.length > ReportHeader.OBSERVATION_BYTES) revert AnswerInvalid("observation");
        bytes calldata header = backing.header;
        bytes32 leaf = MerkleTree.leaf(MerkleTree.BODY, backing.observation);
        if (!MerkleTree.verify(
                MerkleTree.BODY, header.bodyRoot(), header.count(), leaf, entry.observation, backing.bodyPath
            )) revert AnswerInvalid("bodyPath");
    }

    function _markShown(Dispute storage dispute) private {
        bytes32 place =
            _placeKey(dispute.rootId, dispute.tree, dispute.device, dispute.height, dispute.position);
        _shown[place] = true;
    }

    function _placeKey(bytes32 rootId, TreeKind tree, uint32 device, uint8 height, uint32 position)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(rootId, tree, device, height, position));
    }
}
