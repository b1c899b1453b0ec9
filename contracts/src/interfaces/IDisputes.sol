// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICommitReveal} from "./ICommitReveal.sol";
import {NetworkId} from "../types/NetworkId.sol";
import {Root, PayoutNode, WorkNode, WorkLeaf, VerdictEntry} from "../types/Root.sol";
import {DeviceKey, Signature} from "./IDevices.sol";
import {WorkProof, VerdictProof} from "./IChallenges.sol";

enum TreeKind {
    Payout,
    Work,
    Verdict,
    Carry
}

enum DisputeState {
    None,
    AwaitingAnswer,
    AwaitingChallenger,
    Won, // by the challenger
    Lost
}

struct Dispute {
    DisputeState state;
    uint8 kind; // 2 or 4
    NetworkId network;
    bytes32 rootId;
    address challenger;
    address answerer; // of the last answer; gets half the bond when the challenger loses
    uint64 openedAt;
    uint64 dueAt;
    TreeKind tree;
    uint8 height; // of the current node; 0 is a leaf
    uint32 position; // of the current node in its level
    bytes32 node; // hash of the current node
    bytes32 shown; // keccak of the children shown in the last answer
    bytes32 subject; // kind 4: keccak256(abi.encode(rootId, device index, verdict entry))
}

/// @notice Challenges 2 and 4: games of two sides with clocks. Whoever must move and does not, loses. The bond is `challengeBond` of the network's token.
interface IDisputes is ICommitReveal {
    event DisputeOpened(uint256 indexed id, NetworkId indexed network, bytes32 indexed rootId, uint8 kind, TreeKind tree, address challenger, uint64 dueAt);
    event UnbackedClaimed(uint256 indexed id, uint32 deviceIndex, VerdictEntry entry);
    event ChildrenShown(uint256 indexed id, uint8 height, uint32 position, bytes left, bytes right, uint64 dueAt);
    event LeafShown(uint256 indexed id, uint32 position, bytes leaf);
    event ChildPicked(uint256 indexed id, uint8 height, uint32 position, uint64 dueAt);
    event DisputeEnded(uint256 indexed id, bytes32 indexed rootId, bool challengerWon);

    error WrongDisputeState(uint256 id, DisputeState expected, DisputeState actual);
    error NotYourMove(uint256 id, address caller);
    error TooLate(uint64 dueAt, uint256 nowAt);
    error NotDue(uint64 dueAt, uint256 nowAt);
    error AnswerInvalid(string part);
    error AlreadyShown(bytes32 node);
    error AlreadyBacked(bytes32 subject);

    /// @notice Kind 2 on the payout, work or carry tree: demands the children of the top (or the leaf, where depth is 0).
    function openHidden(NetworkId network, Root calldata root, TreeKind tree, bytes32 salt) external returns (uint256 id);
    /// @notice Kind 2 on the verdict tree under a work leaf.
    function openHiddenVerdict(NetworkId network, Root calldata root, WorkProof calldata work, bytes32 salt) external returns (uint256 id);
    /// @notice Shows the children of the current node: 32 bytes each for carry, 48 for payout, 96 for work and verdict. Anyone.
    function showChildren(uint256 id, bytes calldata left, bytes calldata right) external;
    /// @notice Shows the current node's leaf: the leaf's preimage without its tag (spec 5); empty for an empty leaf. Ends the dispute for the answerer.
    function showLeaf(uint256 id, bytes calldata leaf) external;
    /// @notice The challenger goes down to a child of the last answer, repeating it.
    function pick(uint256 id, bool right, bytes calldata leftNode, bytes calldata rightNode) external;

    /// @notice Kind 4: the entry has work and claims to rest on a report; show it.
    function openUnbacked(NetworkId network, Root calldata root, WorkProof calldata work, VerdictProof calldata verdict, bytes32 salt)
        external
        returns (uint256 id);
    /// @notice Anyone answers with the signed header, its path in the committed evidence, the key, and the observation's path in the body.
    function showBacking(
        uint256 id,
        Root calldata root,
        Root calldata parent,
        VerdictEntry calldata entry,
        bytes calldata header,
        DeviceKey calldata key,
        Signature calldata signature,
        bytes32[] calldata evidencePath,
        bytes calldata observation,
        bytes32[] calldata bodyPath
    ) external;

    /// @notice Ends a dispute whose clock ran out, for the side that did not have to move. Anyone.
    function timeout(uint256 id) external;
    /// @notice The challenger takes its bond back when the root was removed meanwhile.
    function withdrawDispute(uint256 id) external;

    function disputeOf(uint256 id) external view returns (Dispute memory);
    function isShown(bytes32 rootId, TreeKind tree, bytes32 node) external view returns (bool);
}
