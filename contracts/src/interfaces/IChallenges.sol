// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICommitReveal} from "./ICommitReveal.sol";
import {NetworkId} from "../types/NetworkId.sol";
import {Root, PayoutNode, WorkNode, WorkLeaf, VerdictEntry} from "../types/Root.sol";

/// @notice A path of children from the top of a payout tree: pairs[0] are the top's children; `position` bit (depth−1−k) picks the child whose children are pairs[k+1].
struct PayoutDescent {
    uint32 position;
    PayoutNode[2][] pairs;
}

struct WorkDescent {
    uint32 position;
    WorkNode[2][] pairs;
}

/// @notice A leaf of the payout tree with its siblings, 48 bytes each (hash ‖ sum u128), from the leaf up.
struct PayoutProof {
    uint128 cumulative;
    bytes siblings;
}

/// @notice A work leaf with its siblings, 96 bytes each (hash ‖ sums u128 × 4), from the leaf up.
struct WorkProof {
    WorkLeaf leaf;
    bytes siblings;
}

/// @notice An entry of a verdict tree with its position and siblings (96 bytes each) under a work leaf.
struct VerdictProof {
    VerdictEntry entry;
    uint32 position;
    bytes siblings;
}

/// @notice Challenges 1 and 3: one move, decided by arithmetic. Announced with `commit` at least one block before.
interface IChallenges is ICommitReveal {
    event ChallengeWon(NetworkId indexed network, bytes32 indexed rootId, uint8 kind, address indexed challenger);

    error RootMismatch(bytes32 expected, bytes32 actual);
    error NotChallengeable(bytes32 rootId);
    error ProofInvalid(string part);
    error NothingWrong(uint8 kind);

    /// @notice Kind 1: the payout of leaf `index` is not parent's + Σ ⌊pot·work/total⌋.
    /// @param parentPayout ignored (cumulative 0) where there is no parent or index ≥ parent.deviceCount; the index is `work.leaf.index`
    function proveWrongPayout(
        NetworkId network,
        Root calldata root,
        Root calldata parent,
        PayoutProof calldata payout,
        PayoutProof calldata parentPayout,
        WorkProof calldata work,
        bytes32 salt
    ) external;

    /// @notice Kind 3, payout tree: the last pair's sums do not add up to the node above it.
    function proveBadPayoutSum(NetworkId network, Root calldata root, PayoutDescent calldata descent, bytes32 salt) external;
    /// @notice Kind 3, work tree.
    function proveBadWorkSum(NetworkId network, Root calldata root, WorkDescent calldata descent, bytes32 salt) external;
    /// @notice Kind 3, verdict tree of a work leaf: pairs[0] are the verdict top's children, whose sums have to be the leaf's work.
    function proveBadVerdictSum(
        NetworkId network,
        Root calldata root,
        WorkProof calldata work,
        WorkDescent calldata descent,
        bytes32 salt
    ) external;
    /// @notice Kind 3: entries at `a.position` and `b.position = a.position + 1` are not in strictly ascending (slot, index, observation).
    function proveDisorder(
        NetworkId network,
        Root calldata root,
        WorkProof calldata work,
        VerdictProof calldata a,
        VerdictProof calldata b,
        bytes32 salt
    ) external;
}
