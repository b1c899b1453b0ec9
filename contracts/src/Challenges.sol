// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {CommitReveal} from "./CommitReveal.sol";
import {
    IChallenges,
    PayoutDescent,
    PayoutProof,
    VerdictProof,
    WorkDescent,
    WorkProof
} from "./interfaces/IChallenges.sol";
import {ISettlement, RootRecord} from "./interfaces/ISettlement.sol";
import {MerkleTree} from "./libraries/MerkleTree.sol";
import {PayoutTree} from "./libraries/PayoutTree.sol";
import {WorkProofs} from "./libraries/WorkProofs.sol";
import {WorkTree} from "./libraries/WorkTree.sol";
import {NetworkId} from "./types/NetworkId.sol";
import {PayoutNode, Root, VerdictEntry, WorkNode, rootIdCalldata as idOf} from "./types/Root.sol";

/// @notice Challenges 1 and 3: faults that arithmetic shows in one transaction. Spec 6.
/// @dev They cost the other side nothing, so they stay possible as long as the root is not final.
contract Challenges is IChallenges, CommitReveal {
    ISettlement private immutable SETTLEMENT;

    /// @param networks not asked: every number that decides here is in the root or its record
    constructor(address networks, address settlement) {
        networks;
        SETTLEMENT = ISettlement(settlement);
    }

    /// @inheritdoc IChallenges
    function proveWrongPayout(
        NetworkId network,
        Root calldata root,
        Root calldata parent,
        PayoutProof calldata payout,
        PayoutProof calldata parentPayout,
        WorkProof calldata work,
        bytes32 // salt
    ) external {
        (bytes32 rootId, uint64 openedAt) = _begin(network, root);
        uint32 index = work.leaf.index;
        if (!WorkProofs.isLeaf(root, work)) revert ProofInvalid("work");
        if (!_isPayout(root, index, payout)) revert ProofInvalid("payout");
        uint256 expected = _parentCumulative(network, root, parent, index, parentPayout);
        RootRecord memory record = SETTLEMENT.recordOf(rootId);
        for (uint256 p; p < 4; ++p) {
            uint256 total = record.workSums[p];
            if (total != 0) expected += uint256(record.pots[p]) * work.leaf.work[p] / total;
        }
        if (expected == payout.cumulative) revert NothingWrong(1);
        _win(network, rootId, 1, openedAt);
    }

    /// @inheritdoc IChallenges
    function proveBadPayoutSum(NetworkId network, Root calldata root, PayoutDescent calldata descent, bytes32)
        external
    {
        (bytes32 rootId, uint64 openedAt) = _begin(network, root);
        uint256 levels = descent.pairs.length;
        _checkLevels(levels, root.deviceCount);
        PayoutNode memory above = PayoutNode(root.payoutHash, root.payoutSum);
        for (uint256 k; k < levels; ++k) {
            PayoutNode calldata left = descent.pairs[k][0];
            PayoutNode calldata right = descent.pairs[k][1];
            if (PayoutTree.node(left.hash, left.sum, right.hash, right.sum) != above.hash) {
                revert ProofInvalid("pair");
            }
            if (k + 1 < levels) above = _goesRight(descent.position, root.deviceCount, k) ? right : left;
            // In 256 bits: sums that overflow are a fault too.
            else if (uint256(left.sum) + right.sum == above.sum) revert NothingWrong(3);
        }
        _win(network, rootId, 3, openedAt);
    }

    /// @inheritdoc IChallenges
    function proveBadWorkSum(NetworkId network, Root calldata root, WorkDescent calldata descent, bytes32)
        external
    {
        (bytes32 rootId, uint64 openedAt) = _begin(network, root);
        _checkBadSum(WorkTree.WORK, WorkNode(root.workHash, root.workSums), root.deviceCount, descent);
        _win(network, rootId, 3, openedAt);
    }

    /// @inheritdoc IChallenges
    function proveBadVerdictSum(
        NetworkId network,
        Root calldata root,
        WorkProof calldata work,
        WorkDescent calldata descent,
        bytes32 // salt
    ) external {
        (bytes32 rootId, uint64 openedAt) = _begin(network, root);
        if (!WorkProofs.isLeaf(root, work)) revert ProofInvalid("work");
        WorkNode memory top = WorkNode(work.leaf.verdictHash, WorkTree.sumsOf(work.leaf.work));
        _checkBadSum(WorkTree.VERDICT, top, work.leaf.verdictCount, descent);
        _win(network, rootId, 3, openedAt);
    }

    /// @inheritdoc IChallenges
    function proveDisorder(
        NetworkId network,
        Root calldata root,
        WorkProof calldata work,
        VerdictProof calldata a,
        VerdictProof calldata b,
        bytes32 // salt
    ) external {
        (bytes32 rootId, uint64 openedAt) = _begin(network, root);
        if (!WorkProofs.isLeaf(root, work)) revert ProofInvalid("work");
        if (!WorkProofs.isEntry(work.leaf, a)) revert ProofInvalid("a");
        if (!WorkProofs.isEntry(work.leaf, b)) revert ProofInvalid("b");
        if (uint256(b.position) != uint256(a.position) + 1) revert ProofInvalid("neighbours");
        if (_keyOf(a.entry) < _keyOf(b.entry)) revert NothingWrong(3);
        _win(network, rootId, 3, openedAt);
    }

    function _begin(NetworkId network, Root calldata root) private returns (bytes32 rootId, uint64 openedAt) {
        openedAt = _reveal();
        rootId = idOf(network, root);
        if (!SETTLEMENT.isChallengeable(rootId)) revert NotChallengeable(rootId);
    }

    function _win(NetworkId network, bytes32 rootId, uint8 kind, uint64 openedAt) private {
        emit ChallengeWon(network, rootId, kind, msg.sender);
        SETTLEMENT.remove(rootId, kind, msg.sender, openedAt);
    }

    function _parentCumulative(
        NetworkId network,
        Root calldata root,
        Root calldata parent,
        uint32 index,
        PayoutProof calldata parentPayout
    ) private pure returns (uint256) {
        if (root.parent == 0) return 0;
        bytes32 actual = idOf(network, parent);
        if (actual != root.parent) revert RootMismatch(root.parent, actual);
        if (index >= parent.deviceCount) return 0;
        if (!_isPayout(parent, index, parentPayout)) revert ProofInvalid("parentPayout");
        return parentPayout.cumulative;
    }

    function _isPayout(Root calldata root, uint32 index, PayoutProof calldata payout)
        private
        pure
        returns (bool)
    {
        if (index >= root.deviceCount || payout.siblings.length != 48 * MerkleTree.depth(root.deviceCount)) return false;
        (bytes32 hash, uint128 sum) = PayoutTree.process(
            payout.siblings, index, PayoutTree.leaf(index, payout.cumulative), payout.cumulative
        );
        return hash == root.payoutHash && sum == root.payoutSum;
    }

    function _checkBadSum(uint8 tree, WorkNode memory above, uint256 count, WorkDescent calldata descent)
        private
        pure
    {
        uint256 levels = descent.pairs.length;
        _checkLevels(levels, count);
        for (uint256 k; k < levels; ++k) {
            WorkNode memory left = descent.pairs[k][0];
            WorkNode memory right = descent.pairs[k][1];
            if (WorkTree.hash(tree, left, right) != above.hash) revert ProofInvalid("pair");
            if (k + 1 < levels) above = _goesRight(descent.position, count, k) ? right : left;
            else if (WorkTree.addsUp(left, right, above.sums)) revert NothingWrong(3);
        }
    }

    function _checkLevels(uint256 levels, uint256 count) private pure {
        if (levels == 0 || levels > MerkleTree.depth(count)) revert ProofInvalid("levels");
    }

    function _goesRight(uint32 position, uint256 count, uint256 level) private pure returns (bool) {
        return position >> (MerkleTree.depth(count) - 1 - level) & 1 == 1;
    }

    function _keyOf(VerdictEntry calldata entry) private pure returns (uint256) {
        return uint256(entry.slot) << 48 | uint256(entry.index) << 16 | entry.observation;
    }
}
