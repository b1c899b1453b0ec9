// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICommitReveal} from "./ICommitReveal.sol";
import {NetworkId} from "../types/NetworkId.sol";
import {Root, VerdictEntry} from "../types/Root.sol";
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
    Lost,
    Withdrawn
}

struct Dispute {
    DisputeState state;
    uint8 kind; // 2 or 4
    TreeKind tree;
    uint8 height; // of the current node; 0 is a leaf
    NetworkId network;
    bytes32 rootId;
    address challenger;
    uint64 openedAt; // when it was announced
    uint32 position; // of the current node in its level
    address answerer; // of the last answer; gets half the bond when the challenger loses
    uint64 dueAt;
    uint32 count; // leaves of the tree
    uint32 device; // whose verdict tree (kind 2, Verdict) or entry (kind 4) it is
    bytes32 node; // hash of the current node
    bytes32 sums; // keccak of the current node's sums as they stand in a proof: 16 bytes for payout, 64 for work and verdict, none for carry
    bytes32 shown; // keccak of the children shown in the last answer
    bytes32 subject; // kind 4: keccak256(abi.encode(rootId, device index, verdict entry))
}

/// @notice Where a dispute begins below the top: the node, as it stands in a proof, and its siblings from its level up (spec 5 widths). Whoever knows what was shown
///         before can prove it; so nothing that was shown is asked for twice, and a descent goes on where another one ended.
struct NodePlace {
    uint8 height;
    uint32 position;
    bytes node;
    bytes siblings;
}

/// @notice What an entry rests on: the signed header and its path in the evidence, the key of the snapshot, the observation and its path in the body.
struct Backing {
    bytes header;
    DeviceKey key;
    Signature signature;
    bytes32[] evidencePath;
    bytes observation;
    bytes32[] bodyPath;
}

/// @notice Challenges 2 and 4: games of two sides with clocks. Whoever must move and does not, loses. The bond is `challengeBond` of the network's token.
///         They are opened before the root's `openUntil`; after it, for responseSeconds after the answer, only the verdict tree and the backing of the entries of a device whose work
///         leaf an answer showed, and the backing of the entries of a device of which an answer showed one: so a late answer can not bring a false root over the end of its window.
interface IDisputes is ICommitReveal {
    event DisputeOpened(uint256 indexed id, NetworkId indexed network, bytes32 indexed rootId, uint8 kind, TreeKind tree, address challenger, uint64 dueAt);
    /// @dev With kind 2: where it begins. `device` is 0 but for verdict trees.
    event HiddenClaimed(uint256 indexed id, uint32 device, uint8 height, uint32 position);
    event UnbackedClaimed(uint256 indexed id, uint32 deviceIndex, VerdictEntry entry);
    event ChildrenShown(uint256 indexed id, uint8 height, uint32 position, bytes left, bytes right, uint64 dueAt);
    event LeafShown(uint256 indexed id, uint32 position, bytes leaf);
    event ChildPicked(uint256 indexed id, uint8 height, uint32 position, uint64 dueAt);
    event DisputeEnded(uint256 indexed id, bytes32 indexed rootId, bool challengerWon);
    event DisputeWithdrawn(uint256 indexed id, bytes32 indexed rootId);

    error WrongDisputeState(uint256 id, DisputeState expected, DisputeState actual);
    error NotYourMove(uint256 id, address caller);
    error TooLate(uint64 dueAt, uint256 nowAt);
    error NotDue(uint64 dueAt, uint256 nowAt);
    error NotDisputable(bytes32 rootId, uint64 openUntil, uint256 nowAt);
    error ClaimInvalid(string part);
    error AnswerInvalid(string part);
    error AlreadyShown(uint32 device, uint8 height, uint32 position);
    error AlreadyBacked(bytes32 subject);
    error AlreadyDisputed(bytes32 subject);
    error StillStanding(bytes32 rootId);

    /// @notice Kind 2 on the payout, work or carry tree: demands the children of the top (or the leaf, where depth is 0).
    function openHidden(NetworkId network, Root calldata root, TreeKind tree, bytes32 salt) external returns (uint256 id);
    /// @notice The same for a node further down.
    function openHiddenAt(NetworkId network, Root calldata root, TreeKind tree, NodePlace calldata place, bytes32 salt)
        external
        returns (uint256 id);
    /// @notice Kind 2 on the verdict tree under a work leaf.
    function openHiddenVerdict(NetworkId network, Root calldata root, WorkProof calldata work, bytes32 salt) external returns (uint256 id);
    /// @notice The same for a node further down.
    function openHiddenVerdictAt(
        NetworkId network,
        Root calldata root,
        WorkProof calldata work,
        NodePlace calldata place,
        bytes32 salt
    ) external returns (uint256 id);
    /// @notice Shows the children of the current node: 32 bytes each for carry, 48 for payout, 96 for work and verdict. Anyone.
    function showChildren(uint256 id, bytes calldata left, bytes calldata right) external;
    /// @notice Shows the current node's leaf: the leaf's preimage without its tag (spec 5); empty for an empty leaf. Ends the dispute for the answerer.
    ///         The leaf has to be the one of its position, and its content has to make the node's hash and its sums.
    function showLeaf(uint256 id, bytes calldata leaf) external;
    /// @notice The challenger goes down to a child of the last answer, repeating it.
    function pick(uint256 id, bool right, bytes calldata leftNode, bytes calldata rightNode) external;

    /// @notice Kind 4: the entry has work and claims to rest on a report; show it.
    function openUnbacked(NetworkId network, Root calldata root, WorkProof calldata work, VerdictProof calldata verdict, bytes32 salt)
        external
        returns (uint256 id);
    /// @notice Anyone answers with the signed header, its path in the committed evidence, the key, and the observation's path in the body.
    /// @param parent ignored where the root has none
    function showBacking(
        uint256 id,
        Root calldata root,
        Root calldata parent,
        VerdictEntry calldata entry,
        Backing calldata backing
    ) external;

    /// @notice Ends a dispute whose clock ran out, for the side that did not have to move. Anyone.
    function timeout(uint256 id) external;
    /// @notice The challenger takes its bond back when the root, or an ancestor of it, was removed meanwhile.
    function withdrawDispute(uint256 id) external;

    /// @notice Sends again what a recipient could not be paid when a dispute ended. Anyone.
    function payOwed(NetworkId network, address to) external returns (uint256 amount);

    function disputeOf(uint256 id) external view returns (Dispute memory);
    /// @notice Open disputes of a network: what each clock is put off by, times queueSeconds.
    function openDisputes(NetworkId network) external view returns (uint32);
    /// @notice Whether what lies below the place was shown in a dispute. By place and not by hash: a false tree can have one subtree in two places. `device` is 0 but for verdict trees.
    function isShown(bytes32 rootId, TreeKind tree, uint32 device, uint8 height, uint32 position) external view returns (bool);
}
