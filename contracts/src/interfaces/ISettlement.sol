// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NetworkId} from "../types/NetworkId.sol";
import {Root, Tops} from "../types/Root.sol";

enum RootState {
    None,
    Attesting,
    Challengeable,
    Final,
    Removed
}

struct RootRecord {
    RootState state;
    NetworkId network;
    bytes32 parent;
    uint32 first;
    uint32 last;
    uint32 position; // place in the chain of accepted roots
    uint32 evidenceEnd;
    uint32 deviceCount;
    uint64 finalisableAt; // the end of the window: put off by a dispute that ends, so that what was shown in it can still be used
    bool delayed; // the guardian has used its delay
    uint32 openChallenges;
    uint64 openUntil; // kinds 2 and 4 are opened before; later, only what follows from an answer
    uint128 payoutSum;
    uint128 votes;
    uint128[4] pots; // rollover included
    uint128[4] workSums;
    bytes32 payoutTop; // what claims prove against
    address winner; // of the earliest-opened challenge that succeeded
    uint64 winnerOpenedAt;
}

interface ISettlement {
    event Attested(NetworkId indexed network, bytes32 indexed rootId, address indexed verifier, uint128 weight, bytes32 streamDigest);
    /// @dev Emitted at the first attestation: whoever follows events needs no other source for the root.
    event RootProposed(NetworkId indexed network, bytes32 indexed rootId, uint32 first, uint32 last, Root root);
    event RootAccepted(NetworkId indexed network, bytes32 indexed rootId, uint32 first, uint32 last, uint64 finalisableAt);
    event RootRemoved(NetworkId indexed network, bytes32 indexed rootId, uint8 kind, address winner);
    event RootFinalised(NetworkId indexed network, bytes32 indexed rootId, uint32 first, uint32 last, uint128 released);
    event RootDelayed(NetworkId indexed network, bytes32 indexed rootId, uint64 finalisableAt);
    event RewardCollected(NetworkId indexed network, bytes32 indexed rootId, address indexed winner, uint256 amount);
    event Resolved(NetworkId indexed network, bytes32 indexed rootId, address indexed verifier, bool slashed, uint128 paid);

    error RootUnknown(bytes32 rootId);
    error WrongState(bytes32 rootId, RootState expected, RootState actual);
    error NotAttesting(uint32 last, uint256 opensAt, uint256 closesAt, uint256 nowAt);
    error NotOnHead(bytes32 parent, bytes32 head);
    error RangeBroken(uint32 expectedFirst, uint32 first, uint32 last);
    error SnapshotDiffers(string field);
    error EvidenceDiffers(uint32 evidenceEnd, uint256 evidenceSet);
    error TopsDiffer(string tree);
    error OverBudget(uint128 payoutSum, uint256 bound);
    error AlreadyAttested(address verifier, uint32 last);
    error NoWeight(address verifier);
    error NotFinalisable(bytes32 rootId, uint64 finalisableAt, uint32 openChallenges);
    error ParentNotFinal(bytes32 parent);
    error NotChallenges(address caller);
    error NotGuardian(address caller);
    error PayoutShrinks(uint128 payoutSum, uint128 parentSum);
    error TooEarlyToCollect(bytes32 rootId, uint64 collectableAt, uint32 openChallenges);
    error NothingToResolve(bytes32 rootId, address verifier);

    /// @notice A vote, in [availabilityEnd(last), attestEnd(last)). A verifier may still join a root that is accepted and not final: it shares pay and blame.
    function attest(NetworkId network, Root calldata root, Tops calldata tops, bytes32 streamDigest) external returns (bytes32 rootId);
    /// @notice Asks again whether a root has its 2/3, for when the denominator shrank; while it may be attested.
    function tally(bytes32 rootId) external returns (bool accepted);
    function finalise(bytes32 rootId) external;
    /// @notice After a root is final: pays the attester its part of the verifiers' share. After it is removed: slashes, at once. Lets go when the root can neither become final nor
    ///         be removed any more: its time to be attested is over without a quorum, or an ancestor was removed and its own window is over. Anyone.
    function resolve(bytes32 rootId, address verifier) external;
    /// @notice The winner's third of what was slashed for a removed root, once its window is over and no dispute about it is open: only then is it clear who opened first. Anyone.
    function collect(bytes32 rootId) external returns (uint256 amount);
    /// @notice The guardian puts off the finality of a root by challengeSeconds, once.
    function delay(bytes32 rootId) external;

    /// @notice Challenge contracts only. A dispute that ends leaves responseSeconds in which what it showed can be used.
    function challengeOpened(bytes32 rootId) external;
    function challengeClosed(bytes32 rootId) external;
    /// @notice Challenge contracts only. For a root that was removed before, an earlier-opened challenge takes over the reward.
    function remove(bytes32 rootId, uint8 kind, address winner, uint64 openedAt) external;

    function head(NetworkId network) external view returns (bytes32);
    function recordOf(bytes32 rootId) external view returns (RootRecord memory);
    /// @notice Whether the root is accepted or final and every ancestor of it still stands.
    function isStanding(bytes32 rootId) external view returns (bool);
    /// @notice The root that covers the epoch in the standing chain; zero when none does. Binary search over the chain.
    function rootCovering(NetworkId network, uint32 epoch) external view returns (bytes32);
    /// @notice The payout top of a final root of the network; zero for any other, a final root of another network included: anybody can have one of those. What the vault asks.
    function finalTop(NetworkId network, bytes32 rootId) external view returns (bytes32);
    /// @notice Whether a one-move challenge can still be made: the root was accepted, is not final, and either its window is not over or it may still become final.
    function isChallengeable(bytes32 rootId) external view returns (bool);
    /// @notice Until when a dispute about the root can be opened; zero for a root that is not Challengeable.
    function disputableUntil(bytes32 rootId) external view returns (uint64);
    function isRemoved(bytes32 rootId) external view returns (bool);
    function hasAttested(bytes32 rootId, address verifier) external view returns (bool);
}
